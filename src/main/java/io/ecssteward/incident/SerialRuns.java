package io.ecssteward.incident;

import io.ecssteward.failure.Failures;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** Runs one check of an incident at a time in this process; calls during a check share the next one. */
final class SerialRuns {

    private final Map<String, Look> looks = new HashMap<>();

    /** The running check, and the next one that other callers wait for. */
    private static final class Look {
        private CompletableFuture<Void> current = new CompletableFuture<>();
        private CompletableFuture<Void> next;
        private Exchange nextFor;
    }

    /**
     * Checks an incident.
     *
     * @param origin the exchange that caused this; null for none
     * @param look the check, with the key and the exchange of the first caller
     */
    CompletionStage<Void> at(String key, Exchange origin, BiFunction<String, Exchange, CompletionStage<Void>> look) {
        Look asked;
        CompletableFuture<Void> over;
        synchronized (looks) {
            asked = looks.get(key);
            if (asked != null) {
                if (asked.next == null) {
                    asked.next = new CompletableFuture<>();
                    asked.nextFor = origin;
                }
                return asked.next;
            }
            asked = new Look();
            looks.put(key, asked);
            over = asked.current;
        }
        begin(key, asked, origin, look);
        return over;
    }

    private void begin(
            String key, Look asked, Exchange origin, BiFunction<String, Exchange, CompletionStage<Void>> look) {
        started(() -> look.apply(key, origin)).whenComplete((done, failure) -> {
            CompletableFuture<Void> over = asked.current;
            Exchange next;
            boolean again;
            synchronized (looks) {
                again = asked.next != null;
                next = asked.nextFor;
                asked.current = asked.next;
                asked.next = null;
                asked.nextFor = null;
                if (!again) {
                    looks.remove(key);
                }
            }
            if (failure == null) {
                over.complete(null);
            } else {
                over.completeExceptionally(Failures.unwrapped(failure));
            }
            if (again) {
                begin(key, asked, next, look);
            }
        });
    }

    /** Starts the work; an exception that it throws fails the returned stage. */
    static <T> CompletionStage<T> started(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}

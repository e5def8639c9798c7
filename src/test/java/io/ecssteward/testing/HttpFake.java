package io.ecssteward.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A fake of one AWS service: an HTTP server on a free loopback port, and faults in store for the next calls of an
 * operation. Faults of one operation happen in the order in which they were asked for, one a call; calls that have none
 * in store can be {@link #disturb disturbed} at random.
 */
abstract class HttpFake implements AutoCloseable {
    /** How long the clients made here wait for an answer. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    static {
        // Otherwise an answer on a kept connection waits 40 ms for a delayed ACK (JDK-6968351).
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, getClass().getSimpleName());
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Deque<Fault>> faults = new HashMap<>();
    private final List<Gate> gates = new ArrayList<>();
    private Chance<Fault> chance;
    private final List<AutoCloseable> clients = new ArrayList<>();

    /** What goes wrong with one call. */
    private sealed interface Fault {
        /** Nothing is done; the answer is an error. */
        record Fail(AwsError error) implements Fault {}

        /** Nothing is done; the connection ends. */
        record HangUp() implements Fault {}

        /** It is done, but the connection ends before the answer. */
        record LoseAnswer() implements Fault {}

        /** Nothing is done, and the connection ends after so long. */
        record KeepSilent(Duration duration) implements Fault {}

        /** It is done and answered when the gate opens. */
        record Hold(Gate gate) implements Fault {}
    }

    /** An answer's status and body. */
    record Answer(int status, String body) {}

    HttpFake() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + getClass().getSimpleName(), e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
    }

    /** Begins to listen: the last line of a subclass's constructor. */
    final void listen() {
        server.start();
    }

    /** The operation that a request names. */
    abstract String operation(Headers headers, String body);

    /** The same, for one whose paths matter. */
    String operation(HttpExchange exchange, String body) {
        return operation(exchange.getRequestHeaders(), body);
    }

    /** What the bodies of requests are read as, and those of answers written. */
    Charset charset() {
        return StandardCharsets.UTF_8;
    }

    /** Takes note of a call, whatever comes of it. */
    abstract void record(String operation, String body);

    /** Does what the call asks, or throws {@link AwsError.Thrown}. */
    abstract String answer(String operation, String body);

    /** The same with a status of its own: for a fake that passes on what another server answers. */
    Answer respond(String operation, String body) {
        return new Answer(200, answer(operation, body));
    }

    /** Words an error in the service's protocol. */
    abstract String body(AwsError error);

    /** The content type of the answers. */
    abstract String contentType();

    /** Where it listens. */
    public final URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers the next calls of an operation with an error, and does nothing. */
    public final void fail(String operation, int times, AwsError error) {
        plan(operation, times, new Fault.Fail(error));
    }

    /** Ends the connection on the next calls of an operation, and does nothing. */
    public final void hangUp(String operation, int times) {
        plan(operation, times, new Fault.HangUp());
    }

    /**
     * Does what the next calls of an operation ask, then ends the connection: the caller cannot know that it was done.
     */
    public final void loseAnswer(String operation, int times) {
        plan(operation, times, new Fault.LoseAnswer());
    }

    /** Leaves the next calls of an operation without an answer until the gate is opened; then they go on. */
    public final Gate hold(String operation, int times) {
        Gate gate = new Gate();
        synchronized (faults) {
            gates.add(gate);
        }
        plan(operation, times, new Fault.Hold(gate));
        return gate;
    }

    /**
     * Disturbs a share of all calls at random: an error, an end of the connection before the work or after it, or a
     * silence without any work, each as likely as the others.
     *
     * @param share 0 to 1
     * @param silence how long nothing comes; longer than the client's patience
     * @param silences how many times at most
     */
    public final void disturb(long seed, double share, Duration silence, int silences, AwsError... errors) {
        List<Fault> often = new ArrayList<>(List.of(new Fault.HangUp(), new Fault.LoseAnswer()));
        for (AwsError error : errors) {
            often.add(new Fault.Fail(error));
        }
        synchronized (faults) {
            chance = new Chance<>(seed, share, often, new Fault.KeepSilent(silence), silences);
        }
    }

    /** How many calls were disturbed at random since that was asked for, by what happened. */
    public final Map<String, Integer> disturbed() {
        Map<String, Integer> counts = new TreeMap<>();
        synchronized (faults) {
            if (chance != null) {
                chance.drawn()
                        .forEach((fault, times) -> counts.put(
                                fault instanceof Fault.Fail fail
                                        ? fail.error().code()
                                        : fault.getClass().getSimpleName(),
                                times));
            }
        }
        return counts;
    }

    /** Forgets the faults still in store and disturbs nothing any more, and opens all gates. */
    public final void heal() {
        List<Gate> held;
        synchronized (faults) {
            faults.clear();
            chance = null;
            held = List.copyOf(gates);
            gates.clear();
        }
        held.forEach(Gate::open);
    }

    /** Opens all gates, closes the clients made here and stops. */
    @Override
    public void close() {
        heal();
        synchronized (clients) {
            for (AutoCloseable client : clients) {
                try {
                    client.close();
                } catch (Exception e) {
                    throw new IllegalStateException(
                            "closing a client of " + getClass().getSimpleName(), e);
                }
            }
            clients.clear();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    final <C extends AutoCloseable> C closeLater(C client) {
        synchronized (clients) {
            clients.add(client);
        }
        return client;
    }

    private void plan(String operation, int times, Fault fault) {
        synchronized (faults) {
            Deque<Fault> planned = faults.computeIfAbsent(operation, name -> new ArrayDeque<>());
            for (int i = 0; i < times; i++) {
                planned.add(fault);
            }
        }
    }

    private Fault nextFault(String operation) {
        synchronized (faults) {
            Deque<Fault> planned = faults.get(operation);
            Fault next = planned == null ? null : planned.poll();
            return next == null && chance != null ? chance.draw() : next;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        // Closing an exchange that was not answered ends the connection.
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), charset());
            String operation = operation(exchange, body);
            record(operation, body);
            Fault fault = nextFault(operation);
            if (fault instanceof Fault.HangUp) {
                return;
            }
            if (fault instanceof Fault.KeepSilent silent) {
                Thread.sleep(silent.duration().toMillis());
                return;
            }
            if (fault instanceof Fault.Hold hold) {
                hold.gate().pass();
            }
            Answer answer = fault instanceof Fault.Fail fail ? error(fail.error()) : answerOrError(operation, body);
            if (!(fault instanceof Fault.LoseAnswer)) {
                send(exchange, answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer answerOrError(String operation, String body) {
        try {
            return respond(operation, body);
        } catch (AwsError.Thrown e) {
            return error(e.error());
        } catch (RuntimeException e) {
            return error(new AwsError("InternalFailure", 500, "The fake is broken: " + e));
        }
    }

    private Answer error(AwsError error) {
        return new Answer(error.status(), body(error));
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.body().getBytes(charset());
        exchange.getResponseHeaders().set("Content-Type", contentType());
        exchange.getResponseHeaders().set("x-amzn-RequestId", UUID.randomUUID().toString());
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}

package io.ecssteward.interactivity;

import io.ecssteward.failure.Failures;
import io.ecssteward.slack.SlackPeople;
import io.ecssteward.time.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/**
 * The people who may change ECS from Slack: members by their ids, and the members of user groups. The members of a
 * group are read from Slack and kept for five minutes. If Slack fails, no member of the group has permission.
 */
public final class Operators {

    /** Slack's ids of members and of user groups. */
    public static final String ID = "[UWS][A-Z0-9]{2,}";

    /**
     * Our own choice: a person who leaves a group keeps the permission for at most this long. Slack's limit is 20 calls
     * a minute.
     *
     * @see <a href="https://docs.slack.dev/apis/web-api/rate-limits">Rate limits: Tier 2</a>
     */
    static final Duration KEPT = Duration.ofMinutes(5);

    /** <a href="https://docs.slack.dev/reference/methods/usergroups.users.list">usergroups.users.list</a>. */
    private static final String SCOPE = "usergroups:read";

    private final List<String> ids;
    private final CamelContext camel;
    private final Map<String, Members> groups = new ConcurrentHashMap<>();

    private record Members(Instant asked, CompletableFuture<Set<String>> users) {}

    Operators(String written, CamelContext camel) {
        ids = Arrays.stream(written.split(","))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
        this.camel = camel;
    }

    /** The number of members and groups. */
    int size() {
        return ids.size();
    }

    /** Why a person has no permission, as a sentence for that person; null if the person has it. */
    CompletionStage<String> refusal(String user) {
        if (ids.contains(user)) {
            return CompletableFuture.completedFuture(null);
        }
        return refusal(user, ids.stream().filter(id -> id.startsWith("S")).toList(), null);
    }

    private CompletionStage<String> refusal(String user, List<String> left, String unknown) {
        if (left.isEmpty()) {
            return CompletableFuture.completedFuture(
                    unknown != null
                            ? "Steward could not check whether you may do this, so nothing was changed: "
                                    + Answers.sentence(unknown)
                            : ids.isEmpty()
                                    ? "Nobody may do this: STEWARD_SLACK_OPERATORS is empty. Nothing was changed."
                                    : "You are not one of the operators, so nothing was changed. "
                                            + "STEWARD_SLACK_OPERATORS lists them.");
        }
        List<String> others = left.subList(1, left.size());
        return members(left.get(0))
                .handle((users, failure) -> {
                    if (failure == null && users.contains(user)) {
                        return CompletableFuture.<String>completedFuture(null);
                    }
                    return refusal(user, others, failure == null ? unknown : message(failure));
                })
                .thenCompose(found -> found);
    }

    private CompletableFuture<Set<String>> members(String group) {
        Instant now = Clocks.of(camel).instant();
        return groups.compute(group, (id, known) -> {
                    boolean good = known != null
                            && !known.users().isCompletedExceptionally()
                            && now.isBefore(known.asked().plus(KEPT));
                    return good
                            ? known
                            : new Members(now, SlackPeople.of(camel).members(id).toCompletableFuture());
                })
                .users();
    }

    private static String message(Throwable failure) {
        String message = Failures.unwrapped(failure).getMessage();
        return message.contains(SCOPE)
                ? message
                : message.replace("missing_scope", "missing_scope (needs " + SCOPE + ")");
    }
}

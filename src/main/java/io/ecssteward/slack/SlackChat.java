package io.ecssteward.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.Shown;
import io.ecssteward.incident.Step;
import io.ecssteward.limits.SlackLimits;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from Slack: the id of a channel, and whether a message of an incident was already posted. Channel ids are taken
 * from the answers to posts, and stored beside the claims.
 *
 * @see <a href="https://docs.slack.dev/reference/methods/conversations.history">conversations.history</a>
 * @see <a href="https://docs.slack.dev/reference/methods/conversations.replies">conversations.replies</a>
 * @see <a href="https://docs.slack.dev/reference/methods/conversations.list">conversations.list</a>
 */
final class SlackChat {
    private static final Logger LOG = LoggerFactory.getLogger(SlackChat.class);

    /** Our own choice: longer than any incident. The next post to the channel stores its id again. */
    private static final Duration KEPT = Duration.ofDays(90);

    /** Our own choice: an attempt is abandoned minutes after it began. */
    private static final Duration BEFORE = Duration.ofHours(1);

    /** Our own limit: more messages than a channel gets in an hour, and more channels than most workspaces have. */
    private static final int PAGES = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicInteger pretended = new AtomicInteger();
    private final PacedSlackComponent component;
    private final Map<String, String> ids = new ConcurrentHashMap<>();
    private final Set<String> withoutWebhook = ConcurrentHashMap.newKeySet();

    SlackChat(PacedSlackComponent component) {
        this.component = component;
    }

    /** Whether this is the first message to a channel without its own webhook. */
    boolean firstWithoutWebhook(String channel) {
        return withoutWebhook.size() < 1_000 && withoutWebhook.add(channel);
    }

    /**
     * The answer that Slack would give, for a dry run. Numbers continue those of an earlier dry run if a bean keeps
     * them.
     */
    Step.Posted pretend(Step step) {
        Shown shown = step.incident().shown();
        if (step instanceof Step.Edit) {
            return new Step.Posted(shown.channel(), shown.ts());
        }
        var bound = CamelContextHelper.lookup(component.getCamelContext(), "pretendedMessages", AtomicInteger.class);
        int number = (bound == null ? pretended : bound).incrementAndGet();
        return new Step.Posted(component.lane(step.incident().channel()), "1.%06d".formatted(number));
    }

    /** Calls a method of the Web API. */
    CompletableFuture<JsonNode> ask(String what, String method, String arguments) {
        return new Search(what, component.getChannel() == null ? "" : component.getChannel())
                .ask(method, arguments, true);
    }

    /** The answer; failed with a {@link java.util.concurrent.TimeoutException} if it is not complete in time. */
    CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> answer =
                component.client().sendAsync(request, HttpResponse.BodyHandlers.ofString());
        // HttpRequest's own timeout does not cover the body (JDK-8208693, fixed in JDK 26), which may never arrive.
        return answer.copy()
                .orTimeout(component.getRequestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> answer.cancel(true));
    }

    /** Stores the id of a channel, from the answer to a post; null if the answer had none. */
    void met(String channel, String id) {
        String name = PacedSlackComponent.plain(channel);
        if (id != null && !id.equals(name) && !id.equals(ids.put(name, id))) {
            component.answers().execute(() -> keep(name, id));
        }
    }

    private void keep(String name, String id) {
        try {
            DocumentStore store = store();
            DocumentStore.Document known = store == null ? null : store.read(key(name));
            if (known != null && !id.equals(known.text())) {
                store.write(key(name), id, known.version(), KEPT);
            }
        } catch (TransientFailureException e) {
            LOG.debug("storing the id of a channel failed: {}", e.getMessage());
        }
    }

    private DocumentStore store() {
        return component.getCamelContext().getRegistry().findSingleByType(DocumentStore.class);
    }

    private static String key(String name) {
        return "slack-channel/" + name;
    }

    /**
     * Sends an answer to a person who clicked a button or used a command.
     *
     * @return done when Slack accepted it; otherwise failed with Slack's error code
     * @see <a href="https://docs.slack.dev/interactivity/handling-user-interaction#message_responses">Message
     *     responses</a>
     */
    CompletableFuture<Void> respond(SlackTarget to, ObjectNode message) {
        String what = "answering in Slack: ";
        return send(to.request(message.toString()))
                .handleAsync(
                        (response, failure) -> {
                            if (failure != null) {
                                throw new TransientFailureException(what + SlackFailure.describe(failure, component));
                            }
                            SlackResponse answer =
                                    SlackResponse.of(to, response.statusCode(), null, String.valueOf(response.body()));
                            if (answer.kind() != SlackResponse.Kind.POSTED) {
                                throw new TransientFailureException(what + answer.code());
                            }
                            return null;
                        },
                        component.answers());
    }

    /**
     * The user ids of a user group's members; failed with Slack's error code if it refuses.
     *
     * @see <a href="https://docs.slack.dev/reference/methods/usergroups.users.list">usergroups.users.list</a>
     */
    CompletableFuture<Set<String>> members(String group) {
        return new Search("asking Slack who is in " + group + ": ", group)
                .ask("usergroups.users.list", "usergroup=" + SlackTarget.encoded(group), true)
                .thenApply(body -> {
                    Set<String> users = new HashSet<>();
                    body.path("users").forEach(user -> users.add(user.asText()));
                    return users;
                });
    }

    /** Finds the message that an incident's attempt posted, by its metadata. */
    CompletableFuture<Step.Posted> find(Incident incident) {
        Shown shown = incident.shown();
        Shown.Attempt attempt = shown.attempt();
        String name = PacedSlackComponent.isSet(incident.channel()) ? incident.channel() : component.getChannel();
        Search search = new Search(
                "looking for incident " + incident.id() + " in Slack channel " + Mrkdwn.oneLine(String.valueOf(name))
                        + ": ",
                name);
        CompletableFuture<String> channel =
                shown.channel() != null ? CompletableFuture.completedFuture(shown.channel()) : id(search);
        return channel.thenCompose(id -> {
            String method = attempt.reply() ? "conversations.replies" : "conversations.history";
            String arguments = "channel=" + id + "&include_all_metadata=true&limit=" + SlackLimits.PAGE + "&oldest="
                    + attempt.until().minus(BEFORE).getEpochSecond() + ".000000"
                    + (attempt.reply() ? "&ts=" + shown.ts() : "");
            return search.page(method, arguments, "messages", 0, message -> IncidentMark.find(message, id, incident));
        });
    }

    /** The channel's id, as learned earlier or from Slack's list of channels; failed if Slack lists no such channel. */
    private CompletableFuture<String> id(Search search) {
        String name = PacedSlackComponent.plain(String.valueOf(search.channel));
        String known = name.matches("[CG][A-Z0-9]{8,}") ? name : ids.get(name);
        if (known == null) {
            DocumentStore store = store();
            known = store == null ? null : store.read(key(name)).text();
        }
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        return search.page(
                        "conversations.list",
                        "types=public_channel,private_channel&exclude_archived=true&limit=" + SlackLimits.PAGE,
                        "channels",
                        0,
                        channel -> channel.path("name").asText().equals(name)
                                ? channel.path("id").asText()
                                : null)
                .thenApply(id -> {
                    if (id == null) {
                        throw new PermanentFailureException(search.what + "Slack lists no such channel");
                    }
                    return id;
                });
    }

    /** Read requests to the Web API: how their error messages begin, and which channel they are about. */
    private final class Search {
        final String what;
        final String channel;

        Search(String what, String channel) {
            this.what = what;
            this.channel = channel;
        }

        /** The first match, page by page; null for none. */
        <T> CompletableFuture<T> page(
                String method, String arguments, String list, int number, Function<JsonNode, T> find) {
            return ask(method, arguments, true).thenCompose(body -> {
                for (JsonNode each : body.path(list)) {
                    T found = find.apply(each);
                    if (found != null) {
                        return CompletableFuture.completedFuture(found);
                    }
                }
                String next = body.at("/response_metadata/next_cursor").asText();
                return next.isEmpty() || number + 1 == PAGES
                        ? CompletableFuture.completedFuture(null)
                        : page(
                                method,
                                arguments.replaceFirst("&cursor=.*", "") + "&cursor=" + SlackTarget.encoded(next),
                                list,
                                number + 1,
                                find);
            });
        }

        private CompletableFuture<JsonNode> ask(String method, String arguments, boolean first) {
            String token = component.token();
            SlackTarget target = SlackTarget.api(channel, component.getServerUrl(), method, token);
            return send(target.form(arguments))
                    .handleAsync(
                            (response, failure) -> {
                                if (failure != null) {
                                    throw new TransientFailureException(
                                            what + SlackFailure.describe(failure, component));
                                }
                                return judge(target, response);
                            },
                            component.answers())
                    .thenCompose(body -> {
                        if (body != null) {
                            return CompletableFuture.completedFuture(body);
                        }
                        component.getSecrets().renew();
                        if (first && !token.equals(component.token())) {
                            return ask(method, arguments, false);
                        }
                        throw new PermanentFailureException(what + "Slack refuses the token");
                    });
        }

        /** The body; null if the token is no longer valid. */
        private JsonNode judge(SlackTarget target, HttpResponse<String> response) {
            SlackResponse answer = SlackResponse.of(
                    target,
                    response.statusCode(),
                    response.headers().firstValue("Retry-After").orElse(null),
                    response.body());
            return switch (answer.kind()) {
                case POSTED -> read(response.body());
                case LIMITED -> throw new RetryAfterException(what + answer.code(), answer.retryAfter());
                case FAILED -> throw new TransientFailureException(what + answer.code());
                case REFUSED -> {
                    if (answer.secret()) {
                        yield null;
                    }
                    throw new PermanentFailureException(what
                            + answer.code()
                            + (answer.code().startsWith("missing_scope")
                                    ? "; add the scope to the Slack app and install it again"
                                    : ""));
                }
            };
        }

        private JsonNode read(String body) {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new TransientFailureException(what + "the answer is not JSON");
            }
        }
    }
}

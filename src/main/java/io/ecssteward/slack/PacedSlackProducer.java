package io.ecssteward.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts messages, one after the other in each channel, without keeping a thread waiting. Nothing it throws or logs has
 * the webhook's URL or the token in it: exceptions from below are named, never passed on.
 */
class PacedSlackProducer extends DefaultAsyncProducer {
    private static final Logger LOG = LoggerFactory.getLogger(PacedSlackProducer.class);

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** How often a message is posted again because of a 429, before its queue gets it back. */
    private static final int MAX_REPOSTS = 5;

    private final PacedSlackEndpoint endpoint;
    private final PacedSlackComponent component;

    /**
     * A message to be posted, and whom to tell when it was.
     *
     * @param target where to, as it was when it came: the webhook or the token may be another when its turn comes
     * @param lane what it waits in
     * @param alert the alert that it was made of; null when it was made of something else
     * @param payload the message when it is posted alone
     * @param thread what it is to be in; null for none
     */
    private record Post(
            Exchange exchange,
            AsyncCallback callback,
            SlackTarget target,
            String lane,
            Alert alert,
            ObjectNode payload,
            InThread thread) {

        /** The same, as the first message of its thread whatever is known of it, or else as a reply. */
        Post first(boolean anew) {
            return thread == null || thread.anew() == anew
                    ? this
                    : new Post(exchange, callback, target, lane, alert, payload, new InThread(thread.name(), anew));
        }
    }

    /**
     * A thread.
     *
     * @param name what its alerts have in common
     * @param anew whether what is known of it leads nowhere
     */
    private record InThread(String name, boolean anew) {}

    /** As whom an alert is told, and where: what those who share a message have in common. */
    private record Voice(PacedSlackEndpoint endpoint, String thread) {}

    /**
     * One request to Slack.
     *
     * @param target where to, as it is now
     * @param payload the post's own, or a digest
     * @param alerts how many the digest speaks for; 0 when it is the post's own
     * @param reposts how often Slack put it off
     * @param reply whether it goes to the thread of an earlier message
     */
    private record Attempt(Post post, SlackTarget target, ObjectNode payload, int alerts, int reposts, boolean reply) {}

    PacedSlackProducer(PacedSlackEndpoint endpoint, PacedSlackComponent component) {
        super(endpoint);
        this.endpoint = endpoint;
        this.component = component;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Post post;
        try {
            Alert alert = exchange.getMessage().getBody() instanceof Alert body ? body : null;
            String channel = channel(alert);
            ObjectNode payload = payload(exchange, alert, channel);
            String thread = alert != null && PacedSlackComponent.isSet(alert.thread())
                    ? alert.thread().strip()
                    : null;
            if (component.isDryRun()) {
                dryRun(exchange, channel, payload, alert, thread);
                callback.done(true);
                return true;
            }
            SlackTarget target = target(channel);
            post = new Post(exchange, callback, target, component.lane(target), alert, payload, thread(target, thread));
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        waitAndSend(post, 0);
        return false;
    }

    /** Nobody knows what it would be a reply to, so the thread is shown by its name. */
    private void dryRun(Exchange exchange, String channel, ObjectNode payload, Alert alert, String thread) {
        String operation = withToken() ? "chat.postMessage" : "webhook";
        putIfSet(payload, "thread", thread);
        EventOutcome.of(exchange).performed(new Action("slack", operation, channel, payload, alert));
    }

    private InThread thread(SlackTarget target, String name) {
        if (name == null || !target.isWebhook()) {
            return name == null ? null : new InThread(name, false);
        }
        if (component.firstWithoutThreads()) {
            LOG.warn(
                    "an alert has a thread ({}), and is posted without it: a webhook does not tell what others could be replies to; "
                            + "set steward.slack.token.secret",
                    Mrkdwn.plain(Mrkdwn.oneLine(name), SlackMessage.HEADER));
        }
        return null;
    }

    /** The alert's channel, or else the endpoint's, or else the component's. */
    private String channel(Alert alert) {
        if (alert != null && PacedSlackComponent.isSet(alert.channel())) {
            return alert.channel();
        }
        if (!PacedSlackEndpoint.DEFAULT.equals(endpoint.getChannel())) {
            return endpoint.getChannel();
        }
        if (PacedSlackComponent.isSet(component.getChannel())) {
            return component.getChannel();
        }
        if (withToken() && !component.isDryRun()) {
            throw new PermanentFailureException(
                    SlackTarget.failing(PacedSlackEndpoint.DEFAULT) + "no channel is set; set steward.slack.channel");
        }
        return PacedSlackEndpoint.DEFAULT;
    }

    private boolean withToken() {
        return PacedSlackComponent.isSet(token());
    }

    private String token() {
        return PacedSlackComponent.isSet(endpoint.getToken()) ? endpoint.getToken() : component.token();
    }

    private SlackTarget target(String channel) {
        if (withToken()) {
            return SlackTarget.api(channel, endpoint.getServerUrl(), token());
        }
        String own = component.webhook(channel);
        String webhook = PacedSlackComponent.isSet(own) ? own : defaultWebhook();
        if (!PacedSlackComponent.isSet(webhook)) {
            throw new PermanentFailureException(SlackTarget.failing(channel)
                    + "no webhook or token is set; set steward.slack.webhook.secret or steward.slack.token.secret");
        }
        if (!PacedSlackComponent.isSet(own)
                && !channel.equals(component.getChannel())
                && !channel.equals(PacedSlackEndpoint.DEFAULT)
                && component.firstWithoutWebhook(channel)) {
            LOG.warn(
                    "the channel {} has no webhook of its own, so its messages go to that of steward.slack.webhook.secret; "
                            + "add the channel to steward.slack.webhooks.secret",
                    channel);
        }
        return SlackTarget.webhook(channel, webhook);
    }

    private String defaultWebhook() {
        return PacedSlackComponent.isSet(endpoint.getWebhookUrl()) ? endpoint.getWebhookUrl() : component.webhook();
    }

    private ObjectNode payload(Exchange exchange, Alert alert, String channel) {
        Object body = exchange.getMessage().getBody();
        ObjectNode payload;
        if (alert != null) {
            payload = alert.slackPayload() == null ? sender(SlackMessage.of(alert)) : SlackMessage.of(alert);
        } else if (body instanceof ObjectNode json) {
            payload = json.deepCopy();
        } else {
            payload = payload(exchange.getMessage().getBody(String.class), channel);
        }
        return address(payload, channel);
    }

    private ObjectNode address(ObjectNode payload, String channel) {
        return withToken() ? payload.put("channel", channel) : payload;
    }

    private ObjectNode payload(String text, String channel) {
        if (text == null || text.isBlank()) {
            throw new PermanentFailureException(SlackTarget.failing(channel) + "there is no message");
        }
        try {
            if (JSON.readTree(text) instanceof ObjectNode json) {
                return json;
            }
        } catch (JsonProcessingException e) {
            LOG.trace("Not JSON, so it is plain text");
        }
        return sender(SlackMessage.of(text));
    }

    /**
     * Adds camel-slack's options about who speaks; Slack deprecates them, and only legacy webhooks and tokens heed
     * them.
     */
    @SuppressWarnings("deprecation")
    private ObjectNode sender(ObjectNode payload) {
        putIfSet(payload, "username", endpoint.getUsername());
        putIfSet(payload, "icon_url", endpoint.getIconUrl());
        putIfSet(payload, "icon_emoji", endpoint.getIconEmoji());
        return payload;
    }

    private static void putIfSet(ObjectNode payload, String name, String value) {
        if (PacedSlackComponent.isSet(value)) {
            payload.put(name, value);
        }
    }

    private void waitAndSend(Post post, int reposts) {
        String thread = post.thread() == null ? null : post.thread().name();
        SlackPacer.Shareable shareable = post.alert() == null || post.alert().slackPayload() != null
                ? null
                : new SlackPacer.Shareable(post.alert(), new Voice(endpoint, thread));
        Duration gather = Duration.ofMillis(endpoint.getGather());
        component
                .getPacer()
                .turn(post.exchange(), post.lane(), shareable, gather)
                .whenComplete((turn, refused) -> {
                    if (refused == null && turn.posted() != null) {
                        succeed(post, turn.posted());
                    } else if (refused == null) {
                        component.answers().execute(() -> send(post, turn.alerts(), reposts));
                    } else {
                        String message = failing(post) + cause(refused).getMessage();
                        component
                                .answers()
                                .execute(() -> fail(
                                        post,
                                        cause(refused) instanceof RetryAfterException later
                                                ? new RetryAfterException(message, later.after())
                                                : new TransientFailureException(message)));
                    }
                });
    }

    private void send(Post post, List<Alert> alerts, int reposts) {
        Attempt attempt = new Attempt(post, post.target(), post.payload(), alerts.size(), reposts, false);
        try {
            SlackTarget target = target(post.target().channel());
            attempt = new Attempt(post, target, post.payload(), alerts.size(), reposts, false);
            ObjectNode payload = alerts.isEmpty()
                    ? post.payload()
                    : address(sender(SlackMessage.digest(alerts)), post.target().channel());
            SlackThreads.First first = first(post);
            attempt = new Attempt(post, target, reply(payload, first), alerts.size(), reposts, first != null);
            send(attempt);
        } catch (PermanentFailureException e) {
            refuse(attempt, e);
        } catch (RuntimeException e) {
            refuse(
                    attempt,
                    new PermanentFailureException(failing(post) + e.getClass().getSimpleName()));
        }
    }

    /**
     * What a message is a reply to; looked up in its turn, so that of two that come at once only one becomes the first.
     */
    private SlackThreads.First first(Post post) {
        return post.thread() == null || post.thread().anew()
                ? null
                : component
                        .threads()
                        .first(post.target().channel(), post.thread().name());
    }

    private static ObjectNode reply(ObjectNode payload, SlackThreads.First first) {
        return first == null
                ? payload
                : payload.deepCopy().put("channel", first.channel()).put("thread_ts", first.ts());
    }

    private void send(Attempt attempt) {
        Post post = attempt.post();
        CompletableFuture<HttpResponse<String>> answer = component
                .client()
                .sendAsync(
                        attempt.target().request(attempt.payload().toString()), HttpResponse.BodyHandlers.ofString());
        // HttpRequest's own timeout ends with the headers (JDK-8208693, mended in 26), and a body may never come.
        answer.copy()
                .orTimeout(component.getRequestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (response, failure) -> {
                            if (failure == null) {
                                judge(attempt, response);
                            } else {
                                answer.cancel(true);
                                fail(post, new TransientFailureException(failing(post) + describe(cause(failure))));
                            }
                        },
                        component.answers());
    }

    private void judge(Attempt attempt, HttpResponse<String> response) {
        Post post = attempt.post();
        SlackAnswer answer = SlackAnswer.of(
                response.statusCode(),
                response.headers().firstValue("Retry-After").orElse(null),
                attempt.target().withoutSecrets(response.body()));
        switch (answer.kind()) {
            case POSTED -> {
                if (post.thread() != null && !attempt.reply() && answer.posted() != null) {
                    component
                            .threads()
                            .began(post.target().channel(), post.thread().name(), answer.posted());
                }
                Runnable others = component.getPacer().posted(post.exchange(), attempt.payload(), component.answers());
                try {
                    succeed(post, attempt.payload());
                } finally {
                    others.run();
                }
            }
            case LIMITED -> {
                component.getPacer().hold(post.lane(), answer.retryAfter());
                if (attempt.reposts() < MAX_REPOSTS) {
                    LOG.info(
                            "Slack wants no message in {} for {} s",
                            post.target().channel(),
                            answer.retryAfter().toSeconds());
                    waitAndSend(post, attempt.reposts() + 1);
                } else {
                    fail(
                            post,
                            new TransientFailureException(
                                    failing(post) + answer.word() + ", " + (attempt.reposts() + 1) + " times"));
                }
            }
            case FAILED -> fail(post, new TransientFailureException(failing(post) + answer.word()));
            case REFUSED -> {
                if (answer.secret() && attempt.reposts() < MAX_REPOSTS && replaced(attempt)) {
                    LOG.info(
                            "{}{}; there is a new {} by now",
                            failing(post),
                            answer.word(),
                            withToken() ? "token" : "webhook");
                    waitAndSend(post, attempt.reposts() + 1);
                } else if (attempt.reply() && !answer.secret()) {
                    // Whoever deleted or locked the message, or archived its channel: Slack has many words for that.
                    LOG.warn(
                            "{}{}; that was a reply, so it is posted as the first message of a new thread",
                            failing(post),
                            answer.word());
                    waitAndSend(post.first(true), attempt.reposts());
                } else {
                    refuse(attempt, new PermanentFailureException(failing(post) + answer.word()));
                }
            }
        }
    }

    /** Whether what Slack refused is no longer what should be used. */
    private boolean replaced(Attempt attempt) {
        component.getSecrets().renew();
        try {
            return !target(attempt.target().channel()).equals(attempt.target());
        } catch (PermanentFailureException e) {
            return false;
        }
    }

    private static void succeed(Post post, ObjectNode posted) {
        SlackTarget target = post.target();
        EventOutcome.of(post.exchange())
                .performed(new Action("slack", target.operation(), target.channel(), posted, post.alert()));
        post.callback().done(false);
    }

    /** Keeps the lane, for the redelivery that may follow: later messages must not overtake this one. */
    private void fail(Post post, TransientFailureException failure) {
        component.getPacer().failed(post.exchange());
        post.exchange().setException(failure);
        post.callback().done(false);
    }

    /** What Slack says of a digest is said of none of its alerts: each is judged by itself. */
    private void refuse(Attempt attempt, PermanentFailureException failure) {
        Post post = attempt.post();
        if (attempt.alerts() > 0) {
            LOG.warn(
                    "{}; that was a digest, so its {} alerts are posted one by one",
                    failure.getMessage(),
                    attempt.alerts());
            component.getPacer().separate(post.exchange());
            waitAndSend(post.first(false), attempt.reposts());
            return;
        }
        component.getPacer().done(post.exchange());
        post.exchange().setException(failure);
        post.callback().done(false);
    }

    private static String failing(Post post) {
        return SlackTarget.failing(post.target().channel());
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** What went wrong, without the message of the exception, which may name the URL. */
    private String describe(Throwable failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return "no connection within " + inSeconds(component.getConnectTimeout());
        }
        if (failure instanceof TimeoutException) {
            return "no answer within " + inSeconds(component.getRequestTimeout());
        }
        String what = failure instanceof ConnectException ? "no connection" : "no answer";
        return what + " (" + failure.getClass().getSimpleName() + ")";
    }

    private static String inSeconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}

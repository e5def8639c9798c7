package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts messages, one after the other in each channel, without keeping a thread waiting. Nothing it throws or logs has
 * the webhook's URL or the token in it: exceptions from below are named, never passed on.
 *
 * <p>Long because all that can follow one of Slack's answers is in one place.
 */
class PacedSlackProducer extends DefaultAsyncProducer {
    private static final Logger LOG = LoggerFactory.getLogger(PacedSlackProducer.class);

    /** How often a message is posted again because of a 429, before its queue gets it back. */
    private static final int MAX_REPOSTS = 5;

    private final PacedSlackEndpoint endpoint;
    private final PacedSlackComponent component;
    private final SlackRequests requests;

    /** As whom an alert is told, and where: what those who share a message have in common. */
    private record Voice(PacedSlackEndpoint endpoint, String thread) {}

    PacedSlackProducer(PacedSlackEndpoint endpoint, PacedSlackComponent component) {
        super(endpoint);
        this.endpoint = endpoint;
        this.component = component;
        requests = new SlackRequests(endpoint, component);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        SlackPost post;
        try {
            Alert alert = exchange.getMessage().getBody() instanceof Alert body ? body : null;
            String channel = requests.channel(alert);
            ObjectNode payload = requests.payload(exchange, alert, channel);
            String thread = alert != null && PacedSlackComponent.isSet(alert.thread())
                    ? alert.thread().strip()
                    : null;
            if (component.isDryRun()) {
                dryRun(exchange, channel, payload, alert, thread);
                callback.done(true);
                return true;
            }
            SlackTarget target = requests.target(channel);
            post = new SlackPost(
                    exchange, callback, target, component.lane(target), alert, payload, thread(target, thread));
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
        String operation = requests.withToken() ? "chat.postMessage" : "webhook";
        SlackRequests.putIfSet(payload, "thread", thread);
        EventOutcome.of(exchange).performed(new Action("slack", operation, channel, payload, alert));
    }

    private SlackPost.InThread thread(SlackTarget target, String name) {
        if (name == null || !target.isWebhook()) {
            return name == null ? null : new SlackPost.InThread(name, false);
        }
        if (component.firstWithoutThreads()) {
            LOG.warn(
                    "an alert has a thread ({}), and is posted without it: webhooks do not support threads; "
                            + "set steward.slack.token.secret",
                    Mrkdwn.plain(Mrkdwn.oneLine(name), SlackMessage.HEADER));
        }
        return null;
    }

    private void waitAndSend(SlackPost post, int reposts) {
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
                        String message =
                                failing(post) + SlackFailure.cause(refused).getMessage();
                        component
                                .answers()
                                .execute(() -> fail(
                                        post,
                                        SlackFailure.cause(refused) instanceof RetryAfterException later
                                                ? new RetryAfterException(message, later.after())
                                                : new TransientFailureException(message)));
                    }
                });
    }

    private void send(SlackPost post, List<Alert> alerts, int reposts) {
        SlackPost.Attempt attempt =
                new SlackPost.Attempt(post, post.target(), post.payload(), alerts.size(), reposts, false);
        try {
            SlackTarget target = requests.target(post.target().channel());
            attempt = new SlackPost.Attempt(post, target, post.payload(), alerts.size(), reposts, false);
            ObjectNode payload = alerts.isEmpty()
                    ? post.payload()
                    : requests.digest(alerts, post.target().channel());
            SlackThreads.First first = first(post);
            attempt = new SlackPost.Attempt(post, target, reply(payload, first), alerts.size(), reposts, first != null);
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
    private SlackThreads.First first(SlackPost post) {
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

    private void send(SlackPost.Attempt attempt) {
        SlackPost post = attempt.post();
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
                                fail(
                                        post,
                                        new TransientFailureException(failing(post)
                                                + SlackFailure.describe(SlackFailure.cause(failure), component)));
                            }
                        },
                        component.answers());
    }

    private void judge(SlackPost.Attempt attempt, HttpResponse<String> response) {
        SlackPost post = attempt.post();
        SlackAnswer answer = SlackAnswer.of(
                attempt.target(),
                response.statusCode(),
                response.headers().firstValue("Retry-After").orElse(null),
                response.body());
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
                            requests.withToken() ? "token" : "webhook");
                    waitAndSend(post, attempt.reposts() + 1);
                } else if (answer.layout() && attempt.alerts() == 0 && SlackText.hasLayout(post.payload())) {
                    LOG.warn("{}{}; so it is posted as text", failing(post), answer.word());
                    waitAndSend(post.withoutLayout(), attempt.reposts());
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
    private boolean replaced(SlackPost.Attempt attempt) {
        component.getSecrets().renew();
        try {
            return !requests.target(attempt.target().channel()).equals(attempt.target());
        } catch (PermanentFailureException e) {
            return false;
        }
    }

    private static void succeed(SlackPost post, ObjectNode posted) {
        SlackTarget target = post.target();
        EventOutcome.of(post.exchange())
                .performed(new Action("slack", target.operation(), target.channel(), posted, post.alert()));
        post.callback().done(false);
    }

    /** Keeps the lane, for the redelivery that may follow: later messages must not overtake this one. */
    private void fail(SlackPost post, TransientFailureException failure) {
        component.getPacer().failed(post.exchange());
        post.exchange().setException(failure);
        post.callback().done(false);
    }

    /** What Slack says of a digest is said of none of its alerts: each is judged by itself. */
    private void refuse(SlackPost.Attempt attempt, PermanentFailureException failure) {
        SlackPost post = attempt.post();
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

    private static String failing(SlackPost post) {
        return SlackTarget.failing(post.target().channel());
    }
}

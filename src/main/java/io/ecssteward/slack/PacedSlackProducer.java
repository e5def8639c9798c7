package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.MessageGoneException;
import io.ecssteward.incident.Step;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts messages, one after the other in each channel, without blocking a thread. Nothing it throws or logs contains
 * the webhook's URL or the token: exceptions from the HTTP client are described, never passed on.
 */
class PacedSlackProducer extends DefaultAsyncProducer {
    private static final Logger LOG = LoggerFactory.getLogger(PacedSlackProducer.class);

    /** How often a message is posted again after a 429, before it goes back to its SQS queue. */
    private static final int MAX_REPOSTS = 5;

    private final PacedSlackEndpoint endpoint;
    private final PacedSlackComponent component;
    private final SlackRequests requests;
    private Set<SlackListener> listeners = Set.of();

    PacedSlackProducer(PacedSlackEndpoint endpoint, PacedSlackComponent component) {
        super(endpoint);
        this.endpoint = endpoint;
        this.component = component;
        requests = new SlackRequests(endpoint, component);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        listeners = endpoint.getCamelContext().getRegistry().findByType(SlackListener.class);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        SlackPost post;
        try {
            Step step = exchange.getMessage().getBody() instanceof Step body ? body : null;
            Alert alert = step != null
                    ? step.headline()
                    : exchange.getMessage().getBody() instanceof Alert body ? body : null;
            String channel =
                    requests.channel(step != null ? step.incident().channel() : alert == null ? null : alert.channel());
            ObjectNode payload = requests.payload(exchange, alert, step, channel);
            if (component.isDryRun()) {
                if (step != null) {
                    Step.Posted posted = requests.withToken() ? component.chat().pretend(step) : SlackResponse.NOWHERE;
                    // In a dry run, this number identifies the message, as the ts in Slack's answer would.
                    payload.put("ts", posted.ts());
                    exchange.getMessage().setBody(posted);
                }
                EventOutcome.of(exchange)
                        .performed(new Action("slack", requests.operation(step), channel, payload, alert));
                callback.done(true);
                return true;
            }
            SlackTarget target = requests.target(channel, step);
            post = new SlackPost(exchange, callback, target, component.lane(target), alert, step, payload);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        waitAndSend(post, 0);
        return false;
    }

    private void waitAndSend(SlackPost post, int reposts) {
        Duration gather = Duration.ofMillis(endpoint.gather);
        component
                .getPacer()
                .turn(post.exchange(), post.lane(), post.shareable(endpoint), gather, post.onlyCounts())
                .whenComplete((turn, refused) -> {
                    if (refused == null && turn.posted() != null) {
                        succeed(post, turn.posted(), SlackResponse.NOWHERE);
                    } else if (refused == null) {
                        component.answers().execute(() -> send(post, turn.together(), reposts));
                    } else {
                        String message =
                                failing(post) + Failures.unwrapped(refused).getMessage();
                        component
                                .answers()
                                .execute(() -> fail(
                                        post,
                                        Failures.unwrapped(refused) instanceof RetryAfterException later
                                                ? new RetryAfterException(message, later.after())
                                                : new TransientFailureException(message)));
                    }
                });
    }

    private void send(SlackPost post, List<SlackPacer.Shareable> together, int reposts) {
        SlackPost.Attempt attempt =
                new SlackPost.Attempt(post, post.target(), post.payload(), together.size(), reposts);
        try {
            String channel = post.target().channel();
            SlackTarget target = requests.target(channel, post.step());
            ObjectNode payload = together.isEmpty() ? post.payload() : requests.digest(together, channel);
            attempt = new SlackPost.Attempt(post, target, payload, together.size(), reposts);
            send(attempt);
        } catch (PermanentFailureException e) {
            refuse(attempt, e);
        } catch (RuntimeException e) {
            refuse(
                    attempt,
                    new PermanentFailureException(failing(post) + e.getClass().getSimpleName()));
        }
    }

    private void send(SlackPost.Attempt attempt) {
        SlackPost post = attempt.post();
        component
                .chat()
                .send(attempt.target().request(attempt.payload().toString()))
                .whenCompleteAsync(
                        (response, failure) -> {
                            if (failure == null) {
                                judge(attempt, response);
                            } else {
                                answered(attempt, SlackResponse.Kind.FAILED);
                                fail(
                                        post,
                                        new TransientFailureException(
                                                failing(post) + SlackFailure.describe(failure, component)));
                            }
                        },
                        component.answers());
    }

    private void judge(SlackPost.Attempt attempt, HttpResponse<String> response) {
        SlackPost post = attempt.post();
        SlackResponse answer = SlackResponse.of(
                attempt.target(),
                response.statusCode(),
                response.headers().firstValue("Retry-After").orElse(null),
                response.body());
        answered(attempt, answer.kind());
        switch (answer.kind()) {
            case POSTED -> {
                component.chat().met(post.target().channel(), answer.posted().channel());
                Runnable others = component.getPacer().posted(post.exchange(), attempt.payload(), component.answers());
                try {
                    succeed(post, attempt.payload(), attempt.together() == 0 ? answer.posted() : SlackResponse.NOWHERE);
                } finally {
                    others.run();
                }
            }
            case LIMITED -> {
                component.getPacer().hold(post.lane(), answer.retryAfter());
                if (attempt.reposts() < MAX_REPOSTS) {
                    LOG.info(
                            "Slack accepts no message in {} for {} s",
                            post.target().channel(),
                            answer.retryAfter().toSeconds());
                    waitAndSend(post, attempt.reposts() + 1);
                } else {
                    fail(
                            post,
                            new TransientFailureException(
                                    failing(post) + answer.code() + ", " + (attempt.reposts() + 1) + " times"));
                }
            }
            case FAILED -> fail(post, new TransientFailureException(failing(post) + answer.code()));
            case REFUSED -> {
                if (answer.secret() && attempt.reposts() < MAX_REPOSTS && replaced(attempt)) {
                    LOG.info(
                            "{}{}; there is a new {} now",
                            failing(post),
                            answer.code(),
                            requests.withToken() ? "token" : "webhook");
                    waitAndSend(post, attempt.reposts() + 1);
                } else if (answer.layout() && attempt.together() == 0 && SlackText.hasLayout(post.payload())) {
                    LOG.warn("{}{}; so it is posted as text", failing(post), answer.code());
                    waitAndSend(post.withoutLayout(), attempt.reposts());
                } else if (answer.code().contains("metadata")
                        && attempt.together() == 0
                        && post.payload().has("metadata")) {
                    LOG.warn("{}{}; so it is posted without metadata", failing(post), answer.code());
                    waitAndSend(post.withoutMetadata(), attempt.reposts());
                } else {
                    boolean gone =
                            answer.gone() && (post.step() instanceof Step.Edit || post.step() instanceof Step.Reply);
                    String word = failing(post) + answer.code();
                    refuse(attempt, gone ? new MessageGoneException(word) : new PermanentFailureException(word));
                }
            }
        }
    }

    private void answered(SlackPost.Attempt attempt, SlackResponse.Kind answer) {
        String word = EnumWord.of(answer);
        listeners.forEach(listener -> listener.answered(attempt.target().operation(), word));
    }

    /** Whether the webhook or token that Slack refused has been rotated since. */
    private boolean replaced(SlackPost.Attempt attempt) {
        component.getSecrets().renew();
        try {
            return !requests.target(attempt.target().channel(), attempt.post().step())
                    .equals(attempt.target());
        } catch (PermanentFailureException e) {
            return false;
        }
    }

    private void succeed(SlackPost post, ObjectNode payload, Step.Posted posted) {
        SlackTarget target = post.target();
        EventOutcome.of(post.exchange())
                .performed(new Action("slack", target.operation(), target.channel(), payload, post.alert()));
        Step step = post.step();
        if (post.alert() != null && !(step instanceof Step.Edit)) {
            boolean news = step == null || step.incident().shown().state() == 0;
            Alert.State state = step == null
                    ? post.alert().state()
                    : step.incident().firing() ? Alert.State.FIRING : Alert.State.RESOLVED;
            listeners.forEach(listener -> listener.posted(post.alert(), state, news));
        }
        if (step != null) {
            post.exchange().getMessage().setBody(posted);
        }
        post.callback().done(false);
    }

    /** Keeps the lane for a redelivery that may follow: later messages must not overtake this one. */
    private void fail(SlackPost post, TransientFailureException failure) {
        component.getPacer().failed(post.exchange());
        post.exchange().setException(failure);
        post.callback().done(false);
    }

    /** If Slack refuses a digest, each of its alerts is posted by itself: only one of them may be at fault. */
    private void refuse(SlackPost.Attempt attempt, PermanentFailureException failure) {
        SlackPost post = attempt.post();
        if (attempt.together() > 0) {
            LOG.warn(
                    "{}; that was a digest, so its {} alerts are posted one by one",
                    failure.getMessage(),
                    attempt.together());
            component.getPacer().separate(post.exchange());
            waitAndSend(post, attempt.reposts());
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

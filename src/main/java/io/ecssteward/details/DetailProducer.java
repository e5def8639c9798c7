package io.ecssteward.details;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ecssteward.event.Event;
import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Looks up a detail on a thread of the component, and adds it to the incident's thread in Slack. */
final class DetailProducer extends DefaultAsyncProducer {
    private static final Logger LOG = LoggerFactory.getLogger(DetailProducer.class);

    /** Log lines arrive seconds after a task has stopped; failures on AWS's side last longer. */
    private static final int[] WAITS = {10, 40};

    private static final int FORBIDDEN = 403;

    /** By the error code, since ECS and CloudWatch report a missing permission with status 400. */
    private static final Pattern DENIED = Pattern.compile("AccessDenied|Unauthorized");

    private final DetailComponent component;
    private final Detail detail;
    private final long retryDelay;

    DetailProducer(DetailEndpoint endpoint) {
        super(endpoint);
        component = endpoint.getComponent();
        detail = endpoint.detail();
        retryDelay = endpoint.retryDelay;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            DetailRequest asked = DetailRequest.of(
                    exchange.getMessage().getBody(Event.class),
                    detail,
                    id -> component.incidents().byId(id).orElse(null));
            if (component.clients() == null) {
                performed(exchange, asked);
            } else if (wanted(exchange, asked)) {
                component.soon(() -> look(exchange, asked, 0, callback));
                return false;
            }
        } catch (RejectedExecutionException e) {
            LOG.warn("ecs-detail:{}: too many are waiting, so this one is skipped", detail.name());
            EventOutcome.of(exchange).skipped(SkipReason.NO_DETAIL, detail.name());
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    /** Whether to call AWS; if not, a person who requested the detail gets the reason. */
    private boolean wanted(Exchange exchange, DetailRequest asked) {
        Incident incident = component.incidents().byId(asked.incident()).orElse(null);
        if (incident == null) {
            EventOutcome.of(exchange).skipped(SkipReason.NO_INCIDENT, "incident/" + asked.incident());
        } else if (incident.applied().contains(asked.identity())) {
            EventOutcome.of(exchange).skipped(SkipReason.DUPLICATE, "incident/" + asked.incident());
        } else if (asked.resource() == null) {
            tell(exchange, asked, DetailResult.nothing(detail.noSubjectAnswer()));
        } else if (!asked.person() && component.isRefused(refusal(asked))) {
            EventOutcome.of(exchange).skipped(SkipReason.NO_DETAIL, detail.name());
        } else {
            return true;
        }
        return false;
    }

    private void look(Exchange exchange, DetailRequest asked, int looks, AsyncCallback callback) {
        try {
            DetailResult result = found(asked);
            if (result.what() == DetailResult.What.NOT_YET && looks < WAITS.length) {
                component.in(
                        retryDelay * WAITS[looks],
                        () -> look(exchange, asked, looks + 1, callback),
                        () -> last(exchange, asked, result, callback));
                return;
            }
            tell(exchange, asked, result);
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(false);
    }

    private void last(Exchange exchange, DetailRequest asked, DetailResult result, AsyncCallback callback) {
        try {
            tell(exchange, asked, result);
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(false);
    }

    /**
     * The result of the call. A failure never fails the event: the incident is already shown, and a detail is an
     * addition.
     */
    private DetailResult found(DetailRequest asked) {
        try {
            DetailResult found = detail.find(asked.resource(), asked.cluster());
            component.allow(refusal(asked));
            return found.image() == null ? found : new DetailUpload(component, asked).of(found);
        } catch (AwsServiceException e) {
            String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                    ? "HTTP " + e.statusCode()
                    : e.awsErrorDetails().errorCode();
            boolean later = Failures.kind(e) != Failures.Kind.PERMANENT;
            return e.statusCode() == FORBIDDEN && !later
                    ? refused(asked, code + ": " + e.getMessage())
                    : failed(asked, later, "AWS answered " + code + ".", e);
        } catch (PermanentFailureException e) {
            return failed(asked, false, e.getMessage() + ".", e);
        } catch (SdkException | TransientFailureException e) {
            return failed(asked, true, "AWS did not answer.", e);
        }
    }

    private DetailResult failed(DetailRequest asked, boolean later, String why, RuntimeException failure) {
        if (!later && DENIED.matcher(String.valueOf(failure.getMessage()) + why).find()) {
            return refused(asked, failure.getMessage());
        }
        LOG.warn("ecs-detail:{}: {}", detail.name(), failure.getMessage());
        return later ? DetailResult.notYet(sentence(why)) : DetailResult.unavailable(sentence(why));
    }

    private DetailResult refused(DetailRequest asked, String said) {
        if (component.refuse(refusal(asked))) {
            LOG.warn(
                    "ecs-detail:{} is off for an hour in {}: {}; allow the role {}, or set {} to false",
                    detail.name(),
                    asked.place(),
                    said,
                    detail.permissions(),
                    detail.setting());
        }
        return DetailResult.nothing(sentence("AWS refuses it; ECS Steward's role needs " + detail.permissions() + "."));
    }

    private String sentence(String why) {
        return "No " + detail.name().replace('-', ' ') + ": " + why;
    }

    private String refusal(DetailRequest asked) {
        return detail.name() + " " + asked.place();
    }

    private void tell(Exchange exchange, DetailRequest asked, DetailResult result) {
        if (result.what() == DetailResult.What.NOTHING && !asked.person()) {
            LOG.info("{} {}: {}", asked.incident(), detail.name(), result.text());
            EventOutcome.of(exchange).skipped(SkipReason.NO_DETAIL, detail.name());
            return;
        }
        component
                .incidents()
                .change(
                        asked.incident(),
                        incident ->
                                incident.noted(StoryLine.Kind.DETAIL, result.text(), asked.identity(), component.now()),
                        exchange);
        performed(exchange, asked);
    }

    private void performed(Exchange exchange, DetailRequest asked) {
        EventOutcome.of(exchange)
                .performed(new Action(
                        "detail",
                        detail.name(),
                        asked.incident(),
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("incident", asked.incident())
                                .put(
                                        "resource",
                                        asked.resource() == null
                                                ? null
                                                : asked.resource().text()),
                        null));
    }
}

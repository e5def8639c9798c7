package io.ecssteward.trace;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Redactor;
import io.ecssteward.event.Event;
import io.ecssteward.outcome.Trace;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.component.aws2.sqs.Sqs2Endpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.SimpleEventNotifierSupport;

/**
 * Makes one span for each route that an exchange passes, with the route's name, and one for each external call
 * ({@code ecs-service:redeploy}). A message is one trace. Spans are stored in the exchange and its copies, never in the
 * thread, because an exchange that waits for an answer continues on another thread.
 */
final class RouteTracing extends RoutePolicySupport implements RoutePolicyFactory {

    private static final String PROPERTY = "StewardSpans";

    /** The schemes of endpoints whose calls get a span, with OpenTelemetry's kind of span. */
    private static final Map<String, SpanKind> CALLS = Map.of(
            "ecs-service", SpanKind.CLIENT,
            "ecs-detail", SpanKind.CLIENT,
            "ecs-host", SpanKind.CLIENT,
            "aws2-ecs", SpanKind.CLIENT,
            "slack", SpanKind.CLIENT,
            "aws2-sns", SpanKind.PRODUCER,
            "aws2-sqs", SpanKind.PRODUCER);

    /** Only messages from Steward's own queue may name a trace: an event from outside could contain anything. */
    private static final String ALERTS = "alerts-intake";

    private static final Pattern PARENT = Pattern.compile("\"traceparent\":\"([^\"]+)\"}$");

    private final Tracer tracer;

    /**
     * The open spans of an exchange, innermost first. Immutable, because copies of the exchange continue with it
     * independently.
     *
     * @param name the name of the route or the call
     */
    private record Open(Span span, String name, Open outer) {}

    RouteTracing(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer("io.ecssteward");
    }

    /** Starts tracing this context; call it before its routes are added. */
    void follow(CamelContext camel) {
        camel.addRoutePolicyFactory(this);
        camel.getManagementStrategy().addEventNotifier(new Calls());
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camelContext, String routeId, NamedNode route) {
        return this;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        boolean first = !route.getEndpoint().getEndpointUri().matches("(direct|event):.*");
        SpanBuilder span =
                tracer.spanBuilder(route.getRouteId()).setSpanKind(first ? SpanKind.CONSUMER : SpanKind.INTERNAL);
        if (route.getEndpoint() instanceof Sqs2Endpoint sqs) {
            String url = String.valueOf(sqs.getConfiguration().getQueueUrl());
            // https://opentelemetry.io/docs/specs/semconv/messaging/sqs/
            span.setAttribute("messaging.system", "aws_sqs");
            span.setAttribute("messaging.destination.name", url.substring(url.lastIndexOf('/') + 1));
            span.setAttribute(
                    "messaging.message.id",
                    exchange.getMessage().getHeader(Sqs2Constants.MESSAGE_ID, "", String.class));
        }
        if (route.getRouteId().equals(ALERTS) && exchange.getMessage().getBody() instanceof String alert) {
            continued(span, alert);
        }
        begin(exchange, span, route.getRouteId());
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        end(exchange, route.getRouteId());
    }

    /** Makes the span continue the trace of the event that raised a queued alert. */
    private static void continued(SpanBuilder span, String alert) {
        Matcher parent = PARENT.matcher(alert);
        Trace trace = parent.find() ? Trace.parse(parent.group(1)) : null;
        if (trace != null) {
            span.setParent(Context.root()
                    .with(Span.wrap(SpanContext.createFromRemoteParent(
                            trace.traceId(), trace.spanId(), TraceFlags.getSampled(), TraceState.getDefault()))));
        }
    }

    private static void begin(Exchange exchange, SpanBuilder builder, String name) {
        Open outer = exchange.getProperty(PROPERTY, Open.class);
        if (outer != null) {
            builder.setParent(Context.root().with(outer.span()));
        }
        describe(builder, exchange.getMessage().getBody());
        set(exchange, new Open(builder.startSpan(), name, outer));
    }

    /** Adds attributes with the same words as in the log. */
    private static void describe(SpanBuilder span, Object body) {
        if (body instanceof Event event) {
            attribute(span, "event_id", event.identity());
            attribute(span, "type", event.type());
            attribute(span, "cluster", event.cluster());
            attribute(span, "service", event.service());
            attribute(span, "task", event.task());
        } else if (body instanceof Alert alert) {
            attribute(span, "event_id", alert.origin());
            attribute(span, "alert", alert.key());
            attribute(span, "state", EnumWord.of(alert.state()));
            attribute(span, "channel", alert.channel());
        }
    }

    private static void attribute(SpanBuilder span, String name, String value) {
        if (value != null) {
            span.setAttribute("steward." + name, value);
        }
    }

    private static void end(Exchange exchange, String name) {
        // Spans that are still open inside it were abandoned.
        Open ending = exchange.getProperty(PROPERTY, Open.class);
        while (ending != null && !ending.name().equals(name)) {
            ending = ending.outer();
        }
        if (ending == null) {
            return;
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            ending.span().setAttribute("error.type", failure.getClass().getName());
            ending.span().setStatus(StatusCode.ERROR, Redactor.text(String.valueOf(failure.getMessage())));
        }
        ending.span().end();
        set(exchange, ending.outer());
    }

    private static void set(Exchange exchange, Open open) {
        exchange.setProperty(PROPERTY, open);
        // The last span stays in the exchange: later log lines about the message still belong to its trace.
        if (open != null) {
            SpanContext context = open.span().getSpanContext();
            // Only sampled traces: others are not exported, so searching for them would be in vain.
            Trace.put(exchange, context.isSampled() ? new Trace(context.getTraceId(), context.getSpanId()) : null);
        }
    }

    /** Makes a span for each external call. */
    private final class Calls extends SimpleEventNotifierSupport {

        Calls() {
            setIgnoreExchangeEvents(false);
            setIgnoreExchangeSendingEvents(false);
            setIgnoreExchangeSentEvents(false);
        }

        @Override
        public void notify(CamelEvent event) {
            if (event instanceof CamelEvent.ExchangeSendingEvent sending) {
                SpanKind kind = CALLS.get(scheme(sending.getEndpoint()));
                if (kind != null) {
                    String name = name(sending.getEndpoint());
                    begin(sending.getExchange(), tracer.spanBuilder(name).setSpanKind(kind), name);
                }
            } else if (event instanceof CamelEvent.ExchangeSentEvent sent
                    && CALLS.containsKey(scheme(sent.getEndpoint()))) {
                end(sent.getExchange(), name(sent.getEndpoint()));
            }
        }

        private String scheme(Endpoint endpoint) {
            String uri = endpoint.getEndpointUri();
            return uri.substring(0, Math.max(0, uri.indexOf(':')));
        }

        /** The URI without parameters: {@code ecs-service:redeploy}. */
        private String name(Endpoint endpoint) {
            return endpoint.getEndpointUri().replaceFirst("://", ":").replaceFirst("\\?.*", "");
        }
    }
}

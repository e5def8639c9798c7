package io.ecssteward.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Redactor;
import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.RetryAfterException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import java.net.URI;
import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Adds the calls of custom routes to webhooks ({@code https:}) and topics ({@code aws2-sns:}) to the event's outcome.
 * In a dry run, webhooks are not called. A webhook's error is translated to an exception of
 * {@link io.ecssteward.failure} before a route handles it, without the URL, which often is a secret.
 */
public final class OutsideCalls implements InterceptStrategy {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Our choice: a longer {@code Retry-After} is shortened to this. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

    private final boolean dryRun;

    /** @param dryRun whether to skip calls to webhooks */
    public OutsideCalls(boolean dryRun) {
        this.dryRun = dryRun;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        String uri = node instanceof EndpointRequiredDefinition to && to.getEndpointUri() != null
                ? context.resolvePropertyPlaceholders(to.getEndpointUri())
                : "";
        boolean webhook = uri.startsWith("https:") || uri.startsWith("http:");
        if (!webhook && !uri.startsWith("aws2-sns:")) {
            return target;
        }
        String variable = node instanceof ToDefinition to ? to.getVariableSend() : null;
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                // The response replaces the body, so the action is recorded first.
                Action action = webhook ? webhook(uri, exchange, variable) : topic(uri, exchange, variable);
                if (webhook && dryRun) {
                    EventOutcome.of(exchange).performed(action);
                    callback.done(true);
                    return true;
                }
                return super.process(exchange, doneSync -> {
                    Exception failure = exchange.getException();
                    if (failure != null && webhook) {
                        exchange.setException(translate(action.about(), failure));
                    } else if (failure == null && action != null) {
                        EventOutcome.of(exchange).performed(action);
                    }
                    callback.done(doneSync);
                });
            }
        };
    }

    private static Action webhook(String uri, Exchange exchange, String variable) {
        String method = exchange.getMessage().getHeader(Exchange.HTTP_METHOD, "POST", String.class);
        String url = exchange.getMessage().getHeader(Exchange.HTTP_URI, uri, String.class);
        return new Action("http", method, host(url), body(exchange, variable), null);
    }

    /** The action of a topic; null for an alert, which the bean {@code sns-alerts} records. */
    private static Action topic(String uri, Exchange exchange, String variable) {
        return exchange.getMessage().getBody() instanceof Alert
                ? null
                : new Action(
                        "sns",
                        "Publish",
                        uri.replaceFirst("^aws2-sns:(//)?([^?]*).*", "$2"),
                        body(exchange, variable),
                        null);
    }

    /** Only the host, because the path and the query may be secret. */
    private static String host(String uri) {
        try {
            String host = URI.create(uri.replaceFirst("^(https?):(//)?([^/?]*).*", "$1://$3"))
                    .getHost();
            return host == null ? "a webhook" : host;
        } catch (IllegalArgumentException e) {
            return "a webhook";
        }
    }

    /** The content that is sent: the variable that the step names, or else the body. */
    private static JsonNode body(Exchange exchange, String variable) {
        String text = variable == null
                ? exchange.getMessage().getBody(String.class)
                : exchange.getVariable(variable, String.class);
        if (text == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        try {
            JsonNode json = JSON.readTree(text);
            return json.isContainerNode() ? Redactor.json(json) : TextNode.valueOf(Redactor.text(text));
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(Redactor.text(text));
        }
    }

    /**
     * Translates a failure. The result has no cause, because Camel chooses an {@code onException} by the innermost
     * cause.
     */
    private static Exception translate(String host, Exception failure) {
        if (failure instanceof HttpOperationFailedException answer) {
            int status = answer.getStatusCode();
            String message = host + " answers " + status
                    + (answer.getResponseBody() == null
                                    || answer.getResponseBody().isBlank()
                            ? ""
                            : ": " + cut(Redactor.text(answer.getResponseBody().strip())));
            Duration after = retryAfter(answer);
            if (Failures.kind(answer) == Failures.Kind.PERMANENT) {
                return new PermanentFailureException(message);
            }
            return after == null
                    ? new TransientFailureException(message)
                    : new RetryAfterException(message + "; Retry-After: " + after.toSeconds() + " s", after);
        }
        return failure instanceof TransientFailureException || failure instanceof PermanentFailureException
                ? failure
                : new TransientFailureException(
                        "calling " + host + ": " + failure.getClass().getSimpleName());
    }

    private static String cut(String text) {
        return text.length() > 200 ? text.substring(0, 200) : text;
    }

    /** The {@code Retry-After} header in seconds; null, for the usual wait, if it is missing or a date. */
    private static Duration retryAfter(HttpOperationFailedException answer) {
        String header = answer.getResponseHeaders() == null
                ? null
                : answer.getResponseHeaders().entrySet().stream()
                        .filter(h -> h.getKey().equalsIgnoreCase("Retry-After"))
                        .map(h -> h.getValue().strip())
                        .findFirst()
                        .orElse(null);
        if (header == null || !header.matches("\\d{1,9}")) {
            return null;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(header));
        return asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked;
    }
}

package io.ecssteward.alerting;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Mention;
import io.ecssteward.alert.Severity;
import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.event.Event;
import io.ecssteward.event.IncidentEvent;
import io.ecssteward.event.UnknownEvent;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.time.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates an alert about the event in the body, and sends it in a separate exchange. */
class AlertProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(AlertProducer.class);

    /** An expression, with nested expressions. */
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(?:[^{}]|\\{[^{}]*})*}");

    private final AlertEndpoint endpoint;
    private final Map<String, Expression> fields = new LinkedHashMap<>();
    private final Map<String, Expression> links = new LinkedHashMap<>();
    private Expression channel;
    private Expression severity;
    private Expression state;
    private Expression title;
    private Expression text;
    private Expression key;
    private Expression incident;
    private Duration coolDown;
    private Duration resolveAfter;
    private Expression time;
    private Expression actions;
    private String mention;
    private AsyncProducer next;

    /** Whether the warning about invisible buttons was already logged. */
    private final AtomicBoolean buttonless = new AtomicBoolean();

    AlertProducer(AlertEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        channel = simple("channel", endpoint.channel);
        severity = constant("severity", endpoint.severity, Severity.class);
        state = constant("state", endpoint.state, Alert.State.class);
        title = simple("title", endpoint.title);
        text = simple("text", endpoint.text);
        key = simple("key", endpoint.key);
        incident = simple("incident", endpoint.incident);
        lines("fields", endpoint.fields, fields);
        lines("links", endpoint.links, links);
        coolDown = parsed("coolDown", endpoint.coolDown, Durations::parse);
        resolveAfter = parsed("resolveAfter", endpoint.resolveAfter, Durations::parse);
        time = simple("time", endpoint.time);
        actions = simple("actions", endpoint.actions);
        mention = parsed("mention", endpoint.mention, Mention::parse);
        next = endpoint.getCamelContext()
                .getEndpoint(endpoint.getComponent().getTo())
                .createAsyncProducer();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(next);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(next);
        super.doStop();
    }

    private void lines(String parameter, String written, Map<String, Expression> into) {
        written.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("alert:" + endpoint.getName() + ": " + parameter + " has the line '"
                        + line.strip() + "'; write a name, a colon and a value");
            }
            if (parameter.equals("links")) {
                checkLink(line.substring(colon + 1).strip());
            }
            into.put(
                    line.substring(0, colon).strip(),
                    simple(parameter, line.substring(colon + 1).strip()));
        });
    }

    /** Slack shows only http and https links; others would be left out silently. */
    private void checkLink(String written) {
        String url = EXPRESSION.matcher(written).replaceAll("x");
        try {
            if (written.startsWith("${") || url.matches("(?i)https?://.+") && new URI(url).getHost() != null) {
                return;
            }
        } catch (URISyntaxException e) {
            // Reported below, like any other text that is not a URL.
        }
        throw new IllegalArgumentException("alert:" + endpoint.getName() + ": links has '" + written
                + "', which is not a URL; write one that begins with https:// and has no spaces");
    }

    private Expression simple(String parameter, String written) {
        if (written == null) {
            return null;
        }
        try {
            Expression expression =
                    endpoint.getCamelContext().resolveLanguage("simple").createExpression(written);
            expression.init(endpoint.getCamelContext());
            return expression;
        } catch (ExpressionIllegalSyntaxException | IllegalArgumentException e) {
            throw new IllegalArgumentException("alert:" + endpoint.getName() + ": " + parameter + ": "
                    + e.getMessage().strip());
        }
    }

    private <T> T parsed(String parameter, String written, Function<String, T> parser) {
        try {
            return written == null ? null : parser.apply(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "alert:" + endpoint.getName() + ": " + parameter + " is " + e.getMessage());
        }
    }

    /** Checks a constant at startup; an expression is checked when it is evaluated. */
    private <E extends Enum<E>> Expression constant(String parameter, String written, Class<E> words) {
        if (written != null && !written.contains("${")) {
            word(parameter, written, words);
        }
        return simple(parameter, written);
    }

    private <E extends Enum<E>> E word(String parameter, String written, Class<E> words) {
        try {
            return Enum.valueOf(words, written.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new PermanentFailureException(
                    "alert:" + endpoint.getName() + ": " + parameter + " is '" + written + "'; set one of "
                            + Arrays.toString(words.getEnumConstants()).toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Exchange sent;
        try {
            Event event = exchange.getMessage().getBody(Event.class);
            if (event == null) {
                throw new PermanentFailureException("alert:" + endpoint.getName()
                        + ": the body is not an event; send alerts before you change the body");
            }
            Alert alert = alert(exchange, event);
            if (alert.about() == null && alert.actions() != null && buttonless.compareAndSet(false, true)) {
                LOG.warn(
                        "alert:{}: its buttons are not shown: its state is 'info', which opens no incident; set "
                                + "'state: firing', or remove 'actions'",
                        endpoint.getName());
            }
            if (alert.state() != Alert.State.RESOLVED && stale(event)) {
                EventOutcome.of(exchange).skipped(SkipReason.STALE, "alert/" + endpoint.getName());
                callback.done(true);
                return true;
            }
            sent = ExchangeHelper.createCorrelatedCopy(exchange, false);
            sent.getMessage().setHeaders(new LinkedHashMap<>());
            sent.getMessage().setBody(alert);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        return next.process(sent, doneSync -> {
            if (sent.getException() != null) {
                // The alert was already retried, so the calling routes must not start over. Camel forgets that
                // redelivery is exhausted in a route without an error handler, and one of those routes waits for held
                // claims.
                exchange.setException(
                        sent.getException() instanceof ClaimHeldException held
                                ? new TransientFailureException(held.getMessage())
                                : sent.getException());
                exchange.getExchangeExtension().setRedeliveryExhausted(true);
            }
            callback.done(doneSync);
        });
    }

    /** Whether the event is stale. A resolved alert is sent anyway, because otherwise its incident would stay open. */
    private boolean stale(Event event) {
        return endpoint.getComponent().versions() != null
                && endpoint.getComponent().versions().stale(event);
    }

    private Alert alert(Exchange exchange, Event event) {
        Alert said = event.alert();
        Alert.Builder alert = said.change()
                .origin(said.origin() == null ? event.identity() : said.origin())
                .time(said.time() == null ? event.time() : said.time());
        ifSaid(title, exchange, alert::title);
        ifSaid(text, exchange, alert::text);
        if (exchange.getProperty(AlertComponent.CUSTOM_ROUTE) != null) {
            // The record's key belongs to the built-in alert about the same event, which is a different alert.
            String about = title == null ? null : title.evaluate(exchange, String.class);
            String own = endpoint.getName() + "/" + (about == null || about.isBlank() ? said.key() : about.strip());
            // An event that ends all alerts of a service must also end this one.
            boolean ofIncident = said.incident() != null && said.key().startsWith(said.incident() + "/");
            alert.key(ofIncident ? said.incident() + "/" + own : own);
        }
        ifSaid(key, exchange, alert::key);
        ifSaid(incident, exchange, alert::incident);
        ifSaid(severity, exchange, s -> alert.severity(word("severity", s, Severity.class)));
        ifSaid(state, exchange, s -> alert.state(word("state", s, Alert.State.class)));
        if (event instanceof IncidentEvent) {
            // A firing alert would open an incident, whose event would raise an alert again, in an endless loop.
            alert.state(Alert.State.INFO);
        }
        ifSaid(channel, exchange, alert::channel);
        if (coolDown != null) {
            alert.coolDown(coolDown);
        }
        ifSaid(time, exchange, at -> alert.time(instant(at)));
        ifSaid(
                actions,
                exchange,
                names -> alert.actions(Stream.of(names.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList()));
        if (resolveAfter != null) {
            alert.resolveAfter(resolveAfter);
        }
        if (!fields.isEmpty() || text != null && event instanceof UnknownEvent) {
            // The fields of an unknown event are all of its content; a text replaces them.
            alert.noFields();
            fields.forEach((name, value) -> alert.field(name, value.evaluate(exchange, String.class)));
        }
        links.forEach((label, url) -> alert.link(label, url.evaluate(exchange, String.class)));
        if (mention != null && alert.state() != Alert.State.RESOLVED) {
            alert.mention(mention);
        }
        ChannelRouting channels = endpoint.getComponent().channels();
        if (channels != null && alert.channel() == null) {
            alert.channel(channels.of(alert.severity(), event));
        }
        Alert made = alert.build();
        return channels == null ? made : channels.accounts().in(made);
    }

    private Instant instant(String written) {
        try {
            return Instant.parse(written.strip());
        } catch (DateTimeException e) {
            throw new PermanentFailureException("alert:" + endpoint.getName() + ": time is '" + written
                    + "'; set a time like 2026-11-20T10:00:00Z");
        }
    }

    private static void ifSaid(Expression expression, Exchange exchange, Consumer<String> use) {
        String said = expression == null ? null : expression.evaluate(exchange, String.class);
        if (said != null && !said.isBlank()) {
            use.accept(said);
        }
    }
}

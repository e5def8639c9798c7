package io.ecssteward.interactivity;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.SlackAction;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentAlert;
import io.ecssteward.incident.Incidents;
import io.ecssteward.incident.Silence;
import io.ecssteward.problem.Suggestion;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;

/** The bean {@code slack-actions}: implements the built-in buttons and commands, and words their answers. */
public class SlackActions implements CamelContextAware {

    /**
     * A silence that a person added.
     *
     * @param id the id with which it can be ended
     * @param text what was silenced, and until when
     */
    public record Silenced(String id, String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private CamelContext camelContext;
    private ZoneId zone = ZoneId.of("UTC");

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** The time zone of typed times: {@code Europe/Berlin}. */
    public void setZone(String zone) {
        this.zone = ZoneId.of(zone);
    }

    /**
     * Acknowledges the incident; its message then shows it.
     *
     * @throws RefusedException if there is no incident, or another person has already acknowledged it
     */
    public void acknowledge(Exchange exchange) {
        SlackAction action = action(exchange);
        if (action.incident() == null) {
            throw new RefusedException("Nothing was acknowledged: press the button below the incident.");
        }
        Instant now = new Answers(camelContext).now();
        Incident is = incidents()
                .change(action.incident(), incident -> incident.acknowledge(action.userName(), now), exchange)
                .orElseThrow(() -> new RefusedException(action.incident() + " is not known any more."));
        if (!action.userName().equals(is.acknowledgedBy())) {
            throw new RefusedException(
                    is.acknowledgedBy() == null
                            ? is.id() + " is over, so there is nothing to acknowledge."
                            : is.acknowledgedBy() + " acknowledged " + is.id() + " already.");
        }
    }

    /**
     * Adds a silence for the incident's service, or for its alerts if it is about no service; or for the typed pattern.
     *
     * @throws RefusedException if the pattern or the time is invalid
     */
    public Silenced silence(Exchange exchange) {
        SlackAction action = action(exchange);
        SilenceArguments words = SilenceArguments.of(action);
        Instant pressed = action.time() == null ? new Answers(camelContext).now() : action.time();
        Instant until = words.until(pressed, zone);
        ObjectNode pattern = JsonNodeFactory.instance.objectNode();
        String what;
        if (action.service() != null) {
            put(pattern, "account", action.account());
            put(pattern, "region", action.region());
            put(pattern, "cluster", action.cluster());
            put(pattern, "service", action.service());
            what = action.cluster() + "/" + action.service();
        } else {
            Incident incident = Optional.ofNullable(action.incident())
                    .flatMap(id -> incidents().byId(id))
                    .orElseThrow(() -> new RefusedException(SilenceArguments.USAGE));
            incident.alerts().stream()
                    .map(IncidentAlert::key)
                    .sorted()
                    .forEach(key -> pattern.withArray("key").add(key));
            what = incident.id();
        }
        Silence silence = made(pattern, pressed, until, action.userName(), words.why());
        String text = "silenced " + what + " until " + text().time(until) + " (" + zone.getId() + ")"
                + (words.why() == null ? "" : ", " + words.why())
                + ". To end it: /steward unsilence "
                + silence.id();
        return new Silenced(silence.id(), text);
    }

    /**
     * Ends the silence with the typed id or that of the button, or a service's silences that people added.
     *
     * @return what is no longer silenced
     * @throws RefusedException if no such silence is active, or it is planned in a file
     */
    public String unsilence(Exchange exchange) {
        SlackAction action = action(exchange);
        String typed = action.text().split("\\s", 2)[0];
        if (typed.isEmpty()) {
            throw new RefusedException("Which silence? Type /steward unsilence ID, as /steward status shows it, or "
                    + "CLUSTER/SERVICE, as in /steward unsilence prod/web.");
        }
        Instant now = new Answers(camelContext).now();
        List<Silence> named = incidents().silences().all().stream()
                .filter(silence -> !silence.over(now))
                .filter(silence -> typed.equals(silence.id()) || typed.equals(StatusText.service(silence)))
                .toList();
        List<Silence> ended = named.stream()
                .filter(silence -> incidents().silences().expire(silence.id()))
                .toList();
        if (ended.isEmpty()) {
            throw new RefusedException(
                    named.isEmpty()
                            ? "There is no silence " + typed + ". /steward status lists the active ones."
                            : typed + " is planned in the file that STEWARD_SILENCES names; remove it there.");
        }
        return ended.stream()
                .map(silence -> silence.id()
                        + (StatusText.service(silence) == null ? "" : " of " + StatusText.service(silence)))
                .collect(Collectors.joining(", ", "ended silence ", ""));
    }

    private static void put(ObjectNode pattern, String name, String value) {
        if (value != null) {
            pattern.putArray(name).add(value);
        }
    }

    /** The silence to add; a duplicate of this click does not add it again. */
    private Silence made(ObjectNode pattern, Instant from, Instant until, String who, String why) {
        return incidents().silences().all().stream()
                .filter(known ->
                        known.pattern().equals(pattern) && until.equals(known.until()) && who.equals(known.who()))
                .findFirst()
                .orElseGet(() -> {
                    try {
                        return incidents().silences().add(pattern, from, until, who, why);
                    } catch (IllegalArgumentException e) {
                        throw new RefusedException("Nothing was silenced: " + Answers.sentence(e.getMessage()));
                    }
                });
    }

    /** The state of the process, for {@code /steward status}. */
    public String status() {
        return text().status(actions().operators().size());
    }

    /** The open incidents, the most severe first. */
    public String incidentList() {
        return text().incidents();
    }

    private StatusText text() {
        return new StatusText(camelContext, incidents(), zone);
    }

    /** The list of commands, preceded by a note if an unknown one was typed. */
    public String help(Exchange exchange) {
        String typed = action(exchange).action();
        List<SlackActionEndpoint> words =
                actions().actions().stream().filter(SlackActionEndpoint::typed).toList();
        String unknown = typed.equals("help")
                ? ""
                : "There is no '/steward " + typed + "'"
                        + Suggestion.to(
                                        typed,
                                        words.stream()
                                                .map(SlackActionEndpoint::getName)
                                                .toList())
                                .map(near -> "; did you mean '" + near + "'? ")
                                .orElse(". ");
        return unknown + "Type one of these:\n"
                + words.stream()
                        .map(action -> "  /steward " + (action.getName() + " " + action.usage).strip()
                                + (action.help.isEmpty() ? "" : "\n      " + action.help))
                        .collect(Collectors.joining("\n"));
    }

    /**
     * Checks that the button or the typed text names a service.
     *
     * @throws RefusedException if not
     */
    public void service(Exchange exchange) {
        SlackAction action = action(exchange);
        if (action.service() == null) {
            throw new RefusedException("Which service? Type /steward " + action.action() + " CLUSTER/SERVICE, as in "
                    + "/steward " + action.action() + " prod/web.");
        }
    }

    private static SlackAction action(Exchange exchange) {
        return exchange.getMessage().getBody(SlackAction.class);
    }

    private SlackActionComponent actions() {
        return camelContext.getComponent("slack-action", SlackActionComponent.class);
    }

    private Incidents incidents() {
        return camelContext.getRegistry().findSingleByType(Incidents.class);
    }
}

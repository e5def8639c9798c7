package io.ecssteward.interactivity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.event.SlackAction;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.Incidents;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.slack.ActionBlocks;
import io.ecssteward.slack.ActionButton;
import io.ecssteward.slack.ActionValue;
import io.ecssteward.slack.SlackPeople;
import io.ecssteward.time.Clocks;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people in Slack the result of their clicks and commands. If Slack does not accept an answer, the action still
 * counts as performed.
 */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private static final String ASKED = "slack-action/";

    private final CamelContext camel;
    private final SlackPeople people;

    Answers(CamelContext camel) {
        this.camel = camel;
        people = SlackPeople.of(camel);
    }

    /** Only that person sees it. The answer to a confirmation replaces it. */
    CompletionStage<Void> onlyYou(Exchange exchange, SlackAction action, String text) {
        return respond(exchange, action, ActionBlocks.answer(text, false, action.confirmed()));
    }

    /** Requests a confirmation from that person. */
    CompletionStage<Void> confirm(
            Exchange exchange, SlackAction action, ActionButton button, String text, String expect) {
        String asked = action.identity();
        ActionValue value = new ActionValue(
                action.incident(),
                action.about(),
                action.text().isEmpty() ? null : action.text(),
                asked.startsWith(ASKED) ? asked.substring(asked.lastIndexOf('/') + 1) : asked,
                expect == null || expect.isEmpty() ? null : expect);
        return respond(exchange, action, ActionBlocks.confirmation(text, button, value));
    }

    /**
     * For an action that was performed or failed: posts to the incident's thread, or, without an incident, to the
     * channel.
     */
    CompletionStage<Void> everyone(Exchange exchange, SlackAction action, String text) {
        return everyone(exchange, action, text, null, null);
    }

    /**
     * The same with a button. The person who clicked gets a message of their own, because a line of the thread cannot
     * have a button.
     *
     * @param button null for none
     * @param choice the text that the button's action gets
     */
    CompletionStage<Void> everyone(
            Exchange exchange, SlackAction action, String text, ActionButton button, String choice) {
        String line = action.userName() + ": " + text;
        Optional<Incident> incident = text.isEmpty() ? Optional.empty() : open(action);
        if (incident.isPresent()) {
            Instant now = now();
            incidents()
                    .change(
                            incident.get().id(),
                            before -> before.noted(StoryLine.Kind.ACTED, line, action.identity(), now),
                            exchange);
        }
        if (text.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        // A person who clicked in the incident's message sees its thread; others get a hint where it is.
        boolean elsewhere = incident.isPresent() && action.incident() == null;
        String said = elsewhere
                ? sentence(text) + " It is posted in the thread of "
                        + incident.get().id() + "."
                : text;
        ActionValue value = button == null ? null : new ActionValue(null, about(action), choice, null, null);
        CompletionStage<Void> person = action.confirmed() || elsewhere || incident.isPresent() && button != null
                ? respond(exchange, action, ActionBlocks.answer(said, false, action.confirmed(), button, value))
                : CompletableFuture.completedFuture(null);
        return incident.isPresent()
                ? person
                : person.thenCompose(
                        told -> respond(exchange, action, ActionBlocks.answer(line, true, false, button, value)));
    }

    /** The subject of the button, which does not name the incident: it may be resolved when the button is clicked. */
    private static String about(SlackAction action) {
        return action.about() != null || action.service() == null
                ? action.about()
                : "service///" + action.cluster() + "/" + action.service();
    }

    /** The unresolved incident that the action is about: that of the button, or that of the typed service. */
    Optional<Incident> open(SlackAction action) {
        if (action.incident() != null) {
            return incidents().byId(action.incident()).filter(Answers::isOpen);
        }
        return action.service() == null
                ? Optional.empty()
                : incidents().open().stream()
                        .filter(Answers::isOpen)
                        .filter(incident -> incident.about().startsWith("service/")
                                && incident.about().endsWith("/" + action.cluster() + "/" + action.service()))
                        .findFirst();
    }

    /** The text, with one full stop at its end. */
    static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    static boolean isOpen(Incident incident) {
        return incident.status() != Incident.Status.RESOLVED;
    }

    Incidents incidents() {
        return camel.getRegistry().findSingleByType(Incidents.class);
    }

    Instant now() {
        return Clocks.of(camel).instant();
    }

    /** Never fails, even if Slack does not accept the answer. */
    private CompletionStage<Void> respond(Exchange exchange, SlackAction action, ObjectNode message) {
        String how = message.path("response_type").asText();
        Action said = new Action("slack", how, action.userName(), message, null);
        if (people.dryRun()) {
            EventOutcome.of(exchange).performed(said);
            return CompletableFuture.completedFuture(null);
        }
        return people.respond(action.responseUrl(), message).handle((taken, failure) -> {
            if (failure == null) {
                EventOutcome.of(exchange).performed(said);
                return null;
            }
            String why = failure.getCause() == null
                    ? failure.getMessage()
                    : failure.getCause().getMessage();
            LOG.warn(
                    "{}; {} got no answer: {}",
                    why,
                    action.userName(),
                    message.path("text").asText());
            return null;
        });
    }
}

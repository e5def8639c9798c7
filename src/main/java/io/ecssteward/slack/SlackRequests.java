package io.ecssteward.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Redactor;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.Step;
import java.util.List;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what to send to Slack and where: the channel, the webhook or token, and the message as JSON. */
final class SlackRequests {
    private static final Logger LOG = LoggerFactory.getLogger(SlackRequests.class);

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final PacedSlackEndpoint endpoint;
    private final PacedSlackComponent component;

    SlackRequests(PacedSlackEndpoint endpoint, PacedSlackComponent component) {
        this.endpoint = endpoint;
        this.component = component;
    }

    /** The channel that an alert or an incident names, or else the endpoint's, or else the component's. */
    String channel(String named) {
        if (PacedSlackComponent.isSet(named)) {
            return named;
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

    boolean withToken() {
        return component.assumesToken() || PacedSlackComponent.isSet(token());
    }

    private String token() {
        return PacedSlackComponent.isSet(endpoint.getToken()) ? endpoint.getToken() : component.token();
    }

    /**
     * Where to send a message to.
     *
     * @param step the step of an incident; null if the message belongs to none
     */
    SlackTarget target(String channel, Step step) {
        if (withToken()) {
            return SlackTarget.api(channel, endpoint.getServerUrl(), method(step), token());
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
                && component.chat().firstWithoutWebhook(channel)) {
            LOG.warn(
                    "the channel {} has no webhook, so its messages go to steward.slack.webhook.secret; "
                            + "add the channel to steward.slack.webhooks.secret",
                    channel);
        }
        return SlackTarget.webhook(channel, webhook);
    }

    private static String method(Step step) {
        return step instanceof Step.Edit ? SlackTarget.EDIT : SlackTarget.POST;
    }

    /** The method of the Web API, or {@code webhook}. */
    String operation(Step step) {
        return withToken() ? method(step) : "webhook";
    }

    private String defaultWebhook() {
        return PacedSlackComponent.isSet(endpoint.getWebhookUrl()) ? endpoint.getWebhookUrl() : component.webhook();
    }

    ObjectNode payload(Exchange exchange, Alert alert, Step step, String channel) {
        Object body = exchange.getMessage().getBody();
        ObjectNode payload;
        if (step != null) {
            payload = IncidentMessage.of(step, withToken(), buttons(step.incident()));
            if (payload.has("channel")) {
                return payload;
            }
            sender(payload);
        } else if (alert != null) {
            payload = SlackMessage.of(alert);
            if (alert.slackPayload() == null) {
                sender(payload);
            } else if (!endpoint.mayMention()) {
                payload = PayloadMentions.withoutMentions(payload);
            }
        } else if (body instanceof ObjectNode json) {
            payload = (ObjectNode) Redactor.json(json).deepCopy();
        } else {
            payload = payload(exchange.getMessage().getBody(String.class), channel);
        }
        return address(payload, channel);
    }

    /** Buttons are shown only if Slack reports the clicks to Steward. */
    private List<ActionButton> buttons(Incident incident) {
        return withToken()
                        && PacedSlackComponent.isSet(component.getSecrets().appToken())
                        && component.getCamelContext().getComponent(IncidentButtons.COMPONENT)
                                instanceof IncidentButtons offered
                ? offered.of(incident)
                : List.of();
    }

    private ObjectNode address(ObjectNode payload, String channel) {
        return withToken() ? payload.put("channel", channel) : payload;
    }

    private ObjectNode payload(String text, String channel) {
        if (text == null || text.isBlank()) {
            throw new PermanentFailureException(SlackTarget.failing(channel) + "there is no message");
        }
        try {
            if (Redactor.json(JSON.readTree(text)) instanceof ObjectNode json) {
                return json;
            }
        } catch (JsonProcessingException e) {
            LOG.trace("Not JSON, so it is plain text");
        }
        return sender(SlackMessage.of(Redactor.text(text)));
    }

    /**
     * Adds camel-slack's options for the sender's name and icon. Slack has deprecated them: only legacy webhooks and
     * tokens use them.
     */
    @SuppressWarnings("deprecation")
    private ObjectNode sender(ObjectNode payload) {
        putIfSet(payload, "username", endpoint.getUsername());
        putIfSet(payload, "icon_url", endpoint.getIconUrl());
        putIfSet(payload, "icon_emoji", endpoint.getIconEmoji());
        return payload;
    }

    static void putIfSet(ObjectNode payload, String name, String value) {
        if (PacedSlackComponent.isSet(value)) {
            payload.put(name, value);
        }
    }

    /** One message for all of these. */
    ObjectNode digest(List<SlackPacer.Shareable> together, String channel) {
        ObjectNode digest = SlackMessage.digest(
                together.stream().map(SlackPacer.Shareable::alert).toList());
        if (withToken()) {
            IncidentMark.digest(digest, together);
        }
        return address(sender(digest), channel);
    }
}

package io.ecssteward.alerting;

import io.ecssteward.alert.Mention;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Raises an alert about the event in the body. The event's record supplies each parameter that is not set, so the
 * shortest alert is {@code - to: alert:some-name}. Parameters are texts with Camel simple expressions:
 *
 * <pre>
 * - to:
 *     uri: alert:order-stuck
 *     parameters:
 *       severity: warning
 *       title: Order ${body.field('detail.orderId')} is stuck
 *       fields: |
 *         Customer: ${body.field('detail.customer')}
 *         Amount: ${body.field('detail.amount')}
 *       links: |
 *         Runbook: https://wiki.example.com/orders?id=${body.field('detail.orderId')}
 *       coolDown: 15m
 * </pre>
 *
 * <p>The body is unchanged. The step completes when Slack has accepted the alert, when the alert is in the next queue,
 * or when the alert is skipped; it fails if the alert fails.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "alert",
        title = "Alert",
        syntax = "alert:name",
        producerOnly = true,
        category = {Category.MONITORING})
public class AlertEndpoint extends DefaultEndpoint {

    @UriPath(description = "A name for this alert, unique among those of one event")
    @Metadata(required = true)
    private final String name;

    @UriParam(description = "The Slack channel, or the webhook's name; by the settings by default")
    String channel;

    @UriParam(description = "Who to @mention, unless the alert is resolved: here, channel, or a Slack id")
    String mention;

    @UriParam(description = "How bad it is", enums = "critical,error,warning,info")
    String severity;

    @UriParam(description = "Whether it fires, is resolved, or neither", enums = "firing,resolved,info")
    String state;

    @UriParam(description = "One line that says what happened")
    String title;

    @UriParam(description = "More about it")
    String text;

    @UriParam(
            description = "Identifies the alert within its incident; a resolved alert needs the same key; "
                    + "in a custom route the name and the title by default")
    String key;

    @UriParam(description = "Minimum time between two identical alerts to a webhook: 10m, 1h, 90s")
    String coolDown;

    @UriParam(
            description = "What it is about: all alerts about one thing are one message; "
                    + "by default the service, the container instance, the alarm, or else the key")
    String incident;

    @UriParam(description = "It is resolved if it has not fired for this long: 1h; " + "by default as the event says")
    String resolveAfter;

    @UriParam(description = "The time of the alert, instead of the event's: ${header.CamelEcsServiceAsked}")
    String time;

    @UriParam(
            description = "The buttons below it, by the names of their routes at slack-action:, separated by commas; "
                    + "by default those that suit what it is about")
    String actions;

    @UriParam(description = "Fields instead of the event's own: a name, a colon and a value, one per line")
    String fields = "";

    @UriParam(description = "Links in addition to the event's own: a label, a colon and a URL, one per line")
    String links = "";

    public AlertEndpoint(String uri, AlertComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public AlertComponent getComponent() {
        return (AlertComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() throws Exception {
        return new AlertProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("alert: cannot be read from");
    }

    public String getName() {
        return name;
    }

    /** The Slack channel, or the webhook's name. */
    public void setChannel(String channel) {
        this.channel = channel;
    }

    /** Whom to @mention, in the format of {@link Mention}; no one if the alert is resolved. */
    public void setMention(String mention) {
        this.mention = mention;
    }

    /** {@code critical}, {@code error}, {@code warning} or {@code info}. */
    public void setSeverity(String severity) {
        this.severity = severity;
    }

    /** {@code firing}, {@code resolved} or {@code info}. */
    public void setState(String state) {
        this.state = state;
    }

    /** One line that says what happened. */
    public void setTitle(String title) {
        this.title = title;
    }

    /** More details, in sentences. */
    public void setText(String text) {
        this.text = text;
    }

    /**
     * The key: two alerts of an incident with the same key are the same alert. An alert with the state {@code resolved}
     * ends the alert with its key. If its key ends with an asterisk, it ends all alerts of its incident whose keys
     * begin with the part before it. It is sent only if it ends an alert.
     */
    public void setKey(String key) {
        this.key = key;
    }

    /**
     * The minimum time between two messages to a webhook about the same alert, in Camel's format for durations:
     * {@code 10m}, {@code 1h}, {@code 90s}. With a bot token, each occurrence is counted in the message.
     */
    public void setCoolDown(String coolDown) {
        this.coolDown = coolDown;
    }

    /** Its subject: all alerts about one subject in one channel form one incident, which has one message. */
    public void setIncident(String incident) {
        this.incident = incident;
    }

    /**
     * The time of the alert, {@code 2026-11-20T10:00:00Z}; if ECS was called, the time of that call, which is after the
     * event.
     */
    public void setTime(String time) {
        this.time = time;
    }

    /** The time without another such alert after which it is resolved, if no event resolves it. */
    public void setResolveAfter(String resolveAfter) {
        this.resolveAfter = resolveAfter;
    }

    /** The buttons of its message: the names of routes at {@code slack-action:}, separated by commas. */
    public void setActions(String actions) {
        this.actions = actions;
    }

    /** Fields that replace those of the event's record: {@code Name: value}, one per line. */
    public void setFields(String fields) {
        this.fields = fields;
    }

    /** Links in addition to those of the event's record: {@code Label: URL}, one per line. */
    public void setLinks(String links) {
        this.links = links;
    }
}

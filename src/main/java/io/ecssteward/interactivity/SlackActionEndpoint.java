package io.ecssteward.interactivity;

import io.ecssteward.dispatch.EventComponent;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.SlackAction;
import io.ecssteward.limits.SlackLimits;
import io.ecssteward.slack.ActionButton;
import java.util.Arrays;
import java.util.Set;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/**
 * The endpoint of a route that handles a button in Slack, a subcommand of {@code /steward}, or both. The body is a
 * {@link SlackAction}.
 *
 * <pre>
 * - route:
 *     id: run-nightly
 *     from:
 *       uri: slack-action:run-nightly
 *       parameters:
 *         label: Run again
 *         who: operators
 *         help: Runs the nightly job once more
 *       steps:
 *         - to: https://jobs.example.com/nightly
 *         - to: slack-answer:acted?text=the nightly job runs again
 * </pre>
 *
 * <p>The buttons of a message are those that its alerts name ({@code actions} of {@code alert:}), or those that fit its
 * resource.
 *
 * <p>A person without permission gets an answer that says so, and the route is not called. A failed route is not
 * retried by the queue: the person gets an answer, and can click again.
 */
@UriEndpoint(
        firstVersion = "0.2.0",
        scheme = "slack-action",
        title = "Slack Action",
        syntax = "slack-action:name",
        consumerOnly = true,
        category = {Category.CHAT})
public class SlackActionEndpoint extends EventEndpoint {

    static final String EVERYONE = "everyone";
    static final String OPERATORS = "operators";

    /**
     * Slack allows 255 characters for a button's id; our own limit suits a word that people type after
     * {@code /steward}.
     */
    private static final String NAME = "[a-z][a-z0-9-]{0,74}";

    @UriPath(description = "The name of the action, and the command after /steward")
    @Metadata(required = true)
    private final String name;

    @UriParam(label = "consumer", description = "The text on the button; by default the name")
    private String label;

    @UriParam(label = "consumer", description = "How the button looks, unless it is plain", enums = "primary,danger")
    private String style;

    @UriParam(label = "consumer", description = "Choices, separated by commas: a menu instead of a button")
    private String options = "";

    @UriParam(
            label = "consumer",
            defaultValue = EVERYONE,
            enums = "everyone,operators",
            description = "Who may use it: everyone in the channel, or the people in steward.slack.operators")
    private String who = EVERYONE;

    @UriParam(label = "consumer", description = "The command's arguments: CLUSTER/SERVICE")
    String usage = "";

    @UriParam(label = "consumer", description = "What it does, for /steward help")
    String help = "";

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            enums = "true,false",
            description = "Whether messages may show it as a button")
    private String button = "true";

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            enums = "true,false",
            description = "Whether it is a /steward command")
    private String command = "true";

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description = "Whether it gets whatever no other route handles")
    private String fallback = "false";

    private final SlackActionComponent actions;

    SlackActionEndpoint(String uri, EventComponent events, SlackActionComponent actions, String name) {
        super(uri, events, name);
        this.name = name;
        this.actions = actions;
    }

    SlackActionComponent actions() {
        return actions;
    }

    @Override
    public String routeName() {
        return address();
    }

    @Override
    public String address() {
        return "slack-action:" + name;
    }

    @Override
    public String getPattern() {
        String action = "true".equals(fallback) ? "" : ", \"detail\": {\"action\": [\"" + name + "\"]" + how() + "}";
        return "{\"source\": [\"" + FollowUp.SOURCE + "\"], \"detail-type\": [\"" + SlackAction.DETAIL_TYPE + "\"]"
                + action + "}";
    }

    /** A button belongs to an incident or to a confirmation; an action with neither was typed. */
    private String how() {
        if (offered() && typed()) {
            return "";
        }
        return offered() || typed()
                ? ", \"$or\": [{\"incident\": [{\"exists\": " + offered() + "}]}, {\"confirmed\": [true]}]"
                : ", \"confirmed\": [true]";
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException(address() + " is where a route begins, and cannot be sent to");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        SlackActionConsumer consumer = new SlackActionConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** Validates the parameters. */
    void check() {
        require(name.matches(NAME), "is not a valid name; write lower-case letters, digits and hyphens");
        require(
                button().label().length() <= SlackLimits.LABEL,
                "label is longer than Slack allows, " + SlackLimits.LABEL + " characters");
        require(
                style == null || Set.of("primary", "danger").contains(style),
                "style is '" + style + "'; set primary or danger, or leave it out");
        require(
                Set.of(EVERYONE, OPERATORS).contains(who),
                "who is '" + who + "'; set " + EVERYONE + " or " + OPERATORS);
        require(
                button().options().size() <= SlackLimits.OPTIONS
                        && button().options().stream().allMatch(option -> option.length() <= SlackLimits.OPTION),
                "options has more, or longer ones, than Slack allows: " + SlackLimits.OPTIONS + " of "
                        + SlackLimits.OPTION + " characters");
        Set<String> words = Set.of("true", "false");
        require(words.contains(button), "button is '" + button + "'; set true or false");
        require(words.contains(command), "command is '" + command + "'; set true or false");
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(address() + ": " + otherwise);
        }
    }

    /** The button as shown in a message. */
    ActionButton button() {
        String plain = name.replace('-', ' ');
        return new ActionButton(
                name,
                label == null ? Character.toUpperCase(plain.charAt(0)) + plain.substring(1) : label,
                style,
                Arrays.stream(options.split(","))
                        .map(String::strip)
                        .filter(option -> !option.isEmpty())
                        .toList());
    }

    /** Whether messages may have its button. */
    boolean offered() {
        return button.equals("true");
    }

    /** Whether only operators may use it. */
    boolean forOperators() {
        return who.equals(OPERATORS);
    }

    /** Whether it can be typed after the slash command. */
    boolean typed() {
        return command.equals("true");
    }

    @Override
    public String getName() {
        return name;
    }

    /** The text on the button. */
    public void setLabel(String label) {
        this.label = label;
    }

    /** {@code primary} or {@code danger}. */
    public void setStyle(String style) {
        this.style = style;
    }

    /** The choices of a menu, separated by commas; the chosen one is the {@code text} of the event. */
    public void setOptions(String options) {
        this.options = options;
    }

    /** Who may use it: {@code everyone}, or {@code operators} for actions that change something. */
    public void setWho(String who) {
        this.who = who;
    }

    /** The arguments that the help shows after the command. */
    public void setUsage(String usage) {
        this.usage = usage;
    }

    /** A short description for the help. */
    public void setHelp(String help) {
        this.help = help;
    }

    /** {@code false} if it can only be typed. */
    public void setButton(String button) {
        this.button = button;
    }

    /** {@code false} if it can only be clicked. */
    public void setCommand(String command) {
        this.command = command;
    }

    @Override
    public String getFallback() {
        return fallback;
    }

    @Override
    public void setFallback(String fallback) {
        this.fallback = fallback;
    }
}

package io.ecssteward.limits;

import java.time.Duration;

/**
 * Slack's limits, each with its page in Slack's documentation. Sizes are in characters. Steward's own, lower limits,
 * such as the length of a line, are in the classes that use them.
 */
public final class SlackLimits {

    /** The text of a <a href="https://docs.slack.dev/reference/block-kit/blocks/header-block">header block</a>. */
    public static final int HEADER = 150;

    /** The text of a <a href="https://docs.slack.dev/reference/block-kit/blocks/section-block">section block</a>. */
    public static final int SECTION = 3_000;

    /** The lines of a detail in a thread, so that they fit into a section with their title and their code fence. */
    public static final int DETAIL = SECTION - 200;

    /** One field of a <a href="https://docs.slack.dev/reference/block-kit/blocks/section-block">section block</a>. */
    public static final int FIELD = 2_000;

    /** Fields of a <a href="https://docs.slack.dev/reference/block-kit/blocks/section-block">section block</a>. */
    public static final int FIELDS = 10;

    /** <a href="https://docs.slack.dev/reference/block-kit/blocks">Blocks</a> of a message. */
    public static final int BLOCKS = 50;

    /**
     * All blocks of a message together, as JSON, containers included. Slack documents no total, and rejects larger
     * messages with {@code msg_blocks_too_long}: from about 13,200 characters by <a
     * href="https://github.com/slackapi/bolt-js/issues/2509">users' measurements</a>, "12,000 with a buffer for block
     * containers" according to Slack's maintainer, and less when little of it is text.
     */
    public static final int ALL_BLOCKS = 12_000;

    /** The text of <a href="https://docs.slack.dev/reference/methods/chat.postMessage">chat.postMessage</a>. */
    public static final int TEXT = 40_000;

    /**
     * The text of <a href="https://docs.slack.dev/reference/methods/chat.update">chat.update</a>, which documents no
     * number: it accepts at least this before it returns {@code msg_too_long}.
     */
    public static final int EDITED_TEXT = 4_000;

    /** Elements of an <a href="https://docs.slack.dev/reference/block-kit/blocks/actions-block">actions block</a>. */
    public static final int ELEMENTS = 25;

    /** The <a href="https://docs.slack.dev/reference/block-kit/blocks/actions-block">block_id</a> of a block. */
    public static final int BLOCK_ID = 255;

    /** The text of a <a href="https://docs.slack.dev/reference/block-kit/block-elements/button-element">button</a>. */
    public static final int LABEL = 75;

    /** The value of a <a href="https://docs.slack.dev/reference/block-kit/block-elements/button-element">button</a>. */
    public static final int VALUE = 2_000;

    /**
     * The text of an <a href="https://docs.slack.dev/reference/block-kit/composition-objects/option-object">option</a>
     * of a menu. Its value could be twice as long; Steward uses the text as the value.
     */
    public static final int OPTION = 75;

    /**
     * Options of a <a href="https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element">menu</a>.
     */
    public static final int OPTIONS = 100;

    /**
     * The minimum time between two <a href="https://docs.slack.dev/apis/web-api/rate-limits">messages</a> of a channel
     * or a webhook.
     */
    public static final Duration MESSAGE_INTERVAL = Duration.ofSeconds(1);

    /**
     * Edits per minute, in all channels of a workspace: chat.update is in <a
     * href="https://docs.slack.dev/apis/web-api/rate-limits">Tier 3</a>.
     */
    public static final int EDITS_A_MINUTE = 50;

    /** Results to request in one call of <a href="https://docs.slack.dev/apis/web-api/pagination">a list</a>. */
    public static final int PAGE = 200;

    /**
     * How long a reply to a person can use a <a
     * href="https://docs.slack.dev/interactivity/handling-user-interaction#message_responses">response_url</a>.
     */
    public static final Duration RESPONSE_URL_AGE = Duration.ofMinutes(30);

    /**
     * How many replies to a person can use a <a
     * href="https://docs.slack.dev/interactivity/handling-user-interaction#message_responses">response_url</a>.
     */
    public static final int RESPONSE_URL_USES = 5;

    /** <a href="https://docs.slack.dev/apis/events-api/using-socket-mode">Socket Mode</a> connections of an app. */
    public static final int CONNECTIONS = 10;

    /**
     * The time within which a click or a command must be <a
     * href="https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response">acknowledged</a>.
     */
    public static final Duration ACKNOWLEDGMENT = Duration.ofSeconds(3);

    private SlackLimits() {}
}

package io.ecssteward.alert;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whom an alert @mentions in Slack: {@code here}, {@code channel}, {@code everyone}, or the id of a Slack member
 * ({@code U...} or {@code W...}) or user group ({@code S...}); several are separated by spaces or commas. Slack does
 * not support mentions by name.
 *
 * @see <a href="https://docs.slack.dev/messaging/formatting-message-text#mentioning-users">Formatting message text:
 *     mentions</a>
 */
public final class Mention {

    /** With or without Slack's markup. */
    private static final Pattern ONE =
            Pattern.compile("(?:@|<!|<@|<!subteam\\^)?(here|channel|everyone|[UWS][A-Z0-9]{5,20})>?");

    private Mention() {}

    /**
     * Reads a setting.
     *
     * @return the words and ids, separated by spaces
     * @throws IllegalArgumentException if it is invalid; the message lists what is allowed
     */
    public static String parse(String written) {
        return Arrays.stream(written.strip().split("[\\s,]+"))
                .map(one -> {
                    Matcher known = ONE.matcher(one);
                    if (!known.matches()) {
                        throw new IllegalArgumentException("'" + one
                                + "'; set here, channel, everyone, "
                                + "or the id of a member (U...) or user group (S...) in Slack");
                    }
                    return known.group(1);
                })
                .distinct()
                .collect(Collectors.joining(" "));
    }

    /** The mention in Slack's markup: {@code <!here> <@U012AB3CD> <!subteam^SAZ94GDB8>}. */
    public static String inSlack(String mention) {
        return Arrays.stream(mention.split(" "))
                .map(one -> switch (one.charAt(0)) {
                    case 'U', 'W' -> "<@" + one + ">";
                    case 'S' -> "<!subteam^" + one + ">";
                    default -> "<!" + one + ">";
                })
                .collect(Collectors.joining(" "));
    }
}

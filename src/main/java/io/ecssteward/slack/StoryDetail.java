package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.incident.StoryLine;
import io.ecssteward.limits.SlackLimits;

/**
 * A line of an incident's story that has more lines: its title in bold, and below it the others as a code block. Slack
 * parses mentions within a code block, too, so they are escaped, and characters that would end the block early are
 * replaced.
 *
 * @see <a href="https://docs.slack.dev/messaging/formatting-message-text">Formatting message text</a>
 */
final class StoryDetail {
    private static final String FENCE = "```";
    private static final int TITLE = 240;

    private StoryDetail() {}

    /** Whether a line is a detail. A sentence that says why there are no details is an ordinary line. */
    static boolean is(StoryLine line) {
        return line.kind() == StoryLine.Kind.DETAIL && line.text().contains("\n");
    }

    static String title(StoryLine line) {
        return line.text().substring(0, line.text().indexOf('\n')).strip();
    }

    static ObjectNode block(StoryLine line) {
        String title = Mrkdwn.plain(title(line), TITLE);
        String lines = line.text().substring(line.text().indexOf('\n') + 1);
        boolean bold = !Mrkdwn.formats(title);
        String first = bold ? "*" + Mrkdwn.escape(title, TITLE) + "*\n" + FENCE + "\n" : FENCE + "\n";
        String shown = (bold ? lines : title + "\n" + lines).replace(FENCE, "'''");
        int room = SlackLimits.SECTION - first.length() - FENCE.length() - 1;
        return SlackMessage.section(SlackMessage.mrkdwn(first + Mrkdwn.escape(shown, room) + "\n" + FENCE));
    }
}

package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What people get of what happens, with a bot token and with a webhook.
 *
 * <p>What happens: {@code a?} the alert a fires as a warning, {@code a!} as an error, {@code a.} it ends, {@code *.}
 * all end; {@code t?} fires and counts as over an hour later; {@code +5m} so much time passes; the rest are people.
 * What people get: {@code new}, {@code edit}, {@code reply}, {@code channel} for a reply that the channel sees, each
 * with the lines it tells. At the end the message is {@code green} or {@code red}.
 */
class IncidentTableTest {
    private static final Instant START = Instant.parse("2026-05-04T03:00:00Z");
    private static final IncidentRules RULES = IncidentRules.DEFAULT;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            # what comes                      | what happens                | with a bot token, after | with a webhook
            fires, a new alert                | a?                          | new opened; red | new opened
            fires again, the same alert       | a? +1m a? a? +9s a?         | new opened; edit; red | new opened
            the newest state wins             | a? +1m a? a? +10s           | new opened; edit; edit; red | new opened
            counted when there was time       | a? a? +9s a? +1s            | new opened; edit; red | new opened
            fires, another alert              | a? b?                       | new opened; edit; reply joined; red | new opened; new joined
            severity rises                    | a? a!                       | new opened; edit; channel rose; red | new opened; new rose
            rises with another alert          | a? b!                       | new opened; edit; channel rose; red | new opened; new rose
            rises though acknowledged         | a? ack b!                   | new opened; edit; reply acknowledged; edit; channel rose; red | new opened; new rose
            up, down and up is told once      | a? b! b. b!                 | new opened; edit; channel rose; edit; reply ended; edit; reply joined; red | new opened; new rose
            one resolves, others fire         | a? b? a.                    | new opened; edit; reply joined; edit; reply ended; red | new opened; new joined
            the last resolves                 | a? +34m a.                  | new opened; edit; reply resolved; green | new opened; new resolved
            all resolve at once               | a? b? *.                    | new opened; edit; reply joined; edit; reply resolved; green | new opened; new joined; new resolved
            resolves, acknowledged            | a? ack a.                   | new opened; edit; reply acknowledged; edit; reply resolved; green | new opened; new resolved
            fires within 10 min after         | a? +20m a. +9m a?           | new opened; edit; reply resolved; edit; reply reopened; red | new opened; new resolved; new reopened
            fires within its cool-down        | a? a. +1m a?                | new opened; edit; reply resolved; edit; reply reopened; red | new opened; new resolved; new reopened
            and ends within it                | a? a. +1m a? +1m a.         | new opened; edit; reply resolved; edit; reply reopened; edit; reply resolved; green | new opened; new resolved; new reopened; new resolved
            still fires when that is over     | a? a. +1m a? +9m            | new opened; edit; reply resolved; edit; reply reopened; red | new opened; new resolved; new reopened
            joins again within its cool-down  | a? b? b. +1m b?             | new opened; edit; reply joined; edit; reply ended; edit; reply joined; red | new opened; new joined
            fires 10 min after                | a? a. +10m a?               | new opened; edit; reply resolved; new opened; red | new opened; new resolved; new opened
            the third time within an hour     | a? +11m a. a? +11m a. a?    | new opened; edit; reply resolved; edit; reply reopened; edit; reply resolved; edit; reply flapping; red | new opened; new resolved; new reopened; new resolved; new flapping
            flapping: edits only              | FLAP +1m a. +1m b? b. a? a. | edit; edit; red | -
            flapping: not green, calm, green  | FLAP +1m a. +29m +1m        | edit; edit; reply resolved; green | new resolved
            flapping: calm, and fires         | FLAP +30m                   | edit; reply calm; red | new calm
            flapping: a rise is told          | FLAP +1m b!                 | edit; channel rose; red | new rose
            flapping: closed                  | FLAP close                  | edit; reply closed; green | new closed
            the fourth within more than hour  | a? +40m a. a? +40m a. a?    | new opened; edit; reply resolved; edit; reply reopened; edit; reply resolved; edit; reply reopened; red | new opened; new resolved; new reopened; new resolved; new reopened
            reminder after 4 h                | a? +3h +1h                  | new opened; edit; channel reminded; red | new opened; new reminded
            then twice that                   | a? +4h +3h +1h +8h          | new opened; edit; channel reminded; edit; channel reminded; edit; channel reminded; red | new opened; new reminded; new reminded; new reminded
            overdue ones are one              | a? +1d                      | new opened; edit; channel reminded; red | new opened; new reminded
            not when acknowledged             | a? ack +1d                  | new opened; edit; reply acknowledged; red | new opened
            no news                           | t? +59m +1m                 | new opened; edit; green | new opened; new no_news
            no news of one of two             | a? t? +1h                   | new opened; edit; reply joined; edit; reply ended; red | new opened; new joined
            closed by a person                | a? b? close                 | new opened; edit; reply joined; edit; reply closed; green | new opened; new joined; new closed
            acted on                          | a? act                      | new opened; edit; reply acted; red | new opened
            silenced                          | SILENT a? b? +1d            | nothing | -
            silenced and over                 | SILENT a? a. loud           | nothing | -
            still fires when that ends        | SILENT a? b? loud           | new opened silenced joined silenced; red | new opened joined
            posted, silenced, over            | a? mute b? *.               | new opened; edit; green | new opened; new resolved
            posted, silenced, over, again     | a? mute +1h a. +1m a?       | new opened; edit; edit; red | new opened; new resolved
            silenced for a while              | a? mute b? loud             | new opened; edit; reply silenced joined silenced; red | new opened; new joined
            acknowledged while silenced       | a? mute ack                 | new opened; edit; red | new opened
            and acted on                      | a? mute ack act             | new opened; edit; edit; reply silenced acknowledged acted; red | new opened
            a silenced one joins              | a? hush:b b?                | new opened; edit; red | new opened
            and is told when that ends        | a? hush:b b? c? loud        | new opened; edit; edit; reply joined; edit; reply joined; red | new opened; new joined; new joined
            and is over before                | a? hush:b b? b. loud        | new opened; edit; edit; red | new opened
            and is worse                      | a? hush:b b!                | new opened; edit; red | new opened
            and is the last that fires        | a? hush:b b? a. loud        | new opened; edit; edit; reply joined ended silenced silenced; red | new opened; new joined
            over before Slack was told        | AWAY a? b? *. back          | new opened joined resolved; green | new opened joined resolved
            and that was long ago             | AWAY a? a. +10m back        | nothing | -
            and is again when it is told      | AWAY a? a. a? back          | new opened resolved reopened; red | new opened reopened
            message deleted                   | a? gone b?                  | new opened; new joined moved; red | new opened; new joined
            deleted, and over                 | a? gone a.                  | new opened; new resolved moved; green | new opened; new resolved
            """)
    void whatPeopleGet(String name, String what, String token, String webhook) {
        assertThat(tell(what, true)).as("with a bot token").isEqualTo(token);
        assertThat(tell(what, false)).as("with a webhook").isEqualTo(webhook);
    }

    private static String tell(String what, boolean edits) {
        Channel channel = new Channel(edits);
        for (String word : what.split(" ")) {
            channel.happens(word);
        }
        return channel.told();
    }

    /** One incident, and Slack. */
    private static final class Channel {
        private final boolean edits;
        private final SimulatedSlack slack = new SimulatedSlack();
        private final List<String> told = new ArrayList<>();
        private Instant now = START;
        private Incident incident;
        /** The alert that is silenced, {@code *} for all; null when none is. */
        private String silence;

        private boolean away;

        private Channel(boolean edits) {
            this.edits = edits;
        }

        private void happens(String word) {
            if (word.startsWith("+")) {
                now = now.plus(Duration.parse(word.endsWith("d") ? "P" + word.substring(1) : "PT" + word.substring(1)));
            } else if (word.endsWith("?")) {
                alert(word, Alert.State.FIRING, Severity.WARNING);
            } else if (word.endsWith("!")) {
                alert(word, Alert.State.FIRING, Severity.ERROR);
            } else if (word.endsWith(".")) {
                alert(word, Alert.State.RESOLVED, Severity.INFO);
            } else {
                person(word);
            }
            show();
        }

        private void person(String word) {
            switch (word) {
                case "ack" -> incident = incident.acknowledge("alex", now);
                case "close" -> incident = incident.close("alex", now);
                case "act" -> incident = incident.noted(StoryLine.Kind.ACTED, "Redeployed web.", null, now);
                case "gone" -> slack.posts.forEach(post -> post.deleted = true);
                case "SILENT", "mute" -> silence = "*";
                case "hush:b" -> silence = "web/b";
                case "loud" -> silence = null;
                case "AWAY" -> away = true;
                case "back" -> away = false;
                case "FLAP" -> {
                    for (String before : "a? +11m a. a? +11m a. a?".split(" ")) {
                        happens(before);
                    }
                    told.clear();
                }
                default -> throw new IllegalArgumentException(word);
            }
        }

        private void alert(String word, Alert.State state, Severity severity) {
            String key = word.substring(0, word.length() - 1);
            Alert alert = Alert.about("web/" + key)
                    .incident("web")
                    .channel("alerts")
                    .title(key)
                    .state(state)
                    .severity(severity)
                    .resolveAfter(key.equals("t") ? Duration.ofHours(1) : null)
                    .build();
            boolean anew = incident == null || incident.over(now, RULES) && !incident.knows(alert);
            incident = anew ? Incident.of(alert, now, RULES) : incident.apply(alert, now, RULES);
        }

        /** What a reconciler does. */
        private void show() {
            if (incident == null || away) {
                return;
            }
            incident = incident.pass(now, RULES).silenced(silences(), now);
            for (Optional<Step> next = incident.next(edits, now, RULES);
                    next.isPresent();
                    next = incident.next(edits, now, RULES)) {
                Step step = next.get();
                try {
                    Step.Posted posted = slack.perform(step, !edits);
                    incident =
                            incident.attempting(step, "me", now.plusSeconds(60)).applyResult(step, posted, now);
                    told.add(describe(step));
                } catch (MessageGoneException e) {
                    incident = incident.moved(step, e.getMessage(), now);
                }
            }
        }

        private Map<String, String> silences() {
            return incident.alerts().stream()
                    .map(IncidentAlert::key)
                    .filter(key -> "*".equals(silence) || key.equals(silence))
                    .collect(Collectors.toMap(key -> key, key -> "s1"));
        }

        private static String describe(Step step) {
            if (step instanceof Step.NewMessage message) {
                return "new " + kinds(message.lines());
            }
            return step instanceof Step.Reply reply
                    ? (reply.broadcast() ? "channel " : "reply ") + kinds(reply.lines())
                    : "edit";
        }

        private static String kinds(List<StoryLine> lines) {
            return lines.stream()
                    .map(line -> line.kind().name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" "));
        }

        private String told() {
            if (!edits) {
                return told.isEmpty() ? "-" : String.join("; ", told);
            }
            String last = slack.posts.stream()
                    .filter(SimulatedSlack.Post::message)
                    .reduce((first, second) -> second)
                    .map(post -> post.as.status() == Incident.Status.RESOLVED ? "green" : "red")
                    .orElse("nothing");
            return told.isEmpty() ? last : String.join("; ", told) + "; " + last;
        }
    }
}

package io.ecssteward.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident.Status;
import io.ecssteward.incident.SimulatedSlack.Post;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * What people see at the end of any history: copies, losses, delays, crashes, two replicas, silences, deleted messages.
 */
class IncidentHistoriesTest {
    private static final List<String> KEYS = List.of("task", "stopped", "alarm", "deployment");
    private static final Set<StoryLine.Kind> ENDS =
            EnumSet.of(StoryLine.Kind.RESOLVED, StoryLine.Kind.NO_NEWS, StoryLine.Kind.CLOSED);
    private static final Set<StoryLine.Kind> UNTOLD = EnumSet.of(StoryLine.Kind.OPENED, StoryLine.Kind.NO_NEWS);

    /** What happens next, with two numbers that say more. */
    private record Happening(String what, int one, int two) {}

    @Provide
    Arbitrary<List<Happening>> histories() {
        return Combinators.combine(
                        Arbitraries.frequency(
                                Tuple.of(12, "fires"),
                                Tuple.of(8, "ends"),
                                Tuple.of(2, "all end"),
                                Tuple.of(16, "arrives"),
                                Tuple.of(3, "arrives twice"),
                                Tuple.of(1, "is lost"),
                                Tuple.of(6, "seconds"),
                                Tuple.of(3, "minutes"),
                                Tuple.of(1, "hours"),
                                Tuple.of(40, "goes on"),
                                Tuple.of(3, "crashes"),
                                Tuple.of(1, "acknowledged"),
                                Tuple.of(1, "closed"),
                                Tuple.of(1, "silenced"),
                                Tuple.of(1, "one is silenced"),
                                Tuple.of(2, "loud"),
                                Tuple.of(1, "deleted")),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.integers().between(0, 11))
                .as(Happening::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(120);
    }

    private static void live(IncidentWorld world, List<Happening> history, boolean digests, boolean deletions) {
        for (Happening happening : history) {
            int one = happening.one();
            int two = happening.two();
            String key = KEYS.get(one % KEYS.size());
            switch (happening.what()) {
                case "fires" -> world.happens(key, Alert.State.FIRING, Severity.values()[two % 3]);
                case "ends" -> world.happens(key, Alert.State.RESOLVED, Severity.INFO);
                case "all end" -> world.happens("*", Alert.State.RESOLVED, Severity.INFO);
                case "arrives" -> world.arrives(one, false);
                case "arrives twice" -> world.arrives(one, true);
                case "is lost" -> world.isLost(one);
                case "seconds" -> world.passes(Duration.ofSeconds(one));
                case "minutes" -> world.passes(Duration.ofMinutes(one / 4));
                case "hours" -> world.passes(Duration.ofMinutes(one * 5L));
                case "goes on" -> world.goesOn(one, digests && two == 0);
                case "crashes" -> world.crashes(one);
                case "acknowledged" -> world.acknowledged();
                case "closed" -> world.closed();
                case "silenced" -> world.silenced(true);
                case "one is silenced" -> world.silent(key);
                case "loud" -> world.silenced(false);
                default -> {
                    if (deletions) {
                        world.deleted();
                    }
                }
            }
        }
        world.settles();
        assertThat(world.fires()).as("what fires").isEqualTo(world.shouldFire());
        world.announcementsAreInOrder();
        if (world.incident != null) {
            world.dueIsRight();
        }
    }

    /** There is one message, it says what is so, and its thread says once what happened. */
    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void oneMessageSaysWhatIsSo(@ForAll("histories") List<Happening> history) {
        IncidentWorld world = new IncidentWorld(true, true);
        live(world, history, false, false);

        assertThat(messages(world).values()).as("messages of an incident").allMatch(count -> count == 1);
        Map<String, Long> told = world.slack.posts.stream()
                .flatMap(post -> post.lines.stream().map(line -> post.incident + "/" + line.number()))
                .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
        assertThat(told.values()).as("how often a line is told").allMatch(count -> count == 1);
        world.slack.posts.stream()
                .filter(Post::message)
                .filter(post -> world.archived.stream().anyMatch(old -> old.id().equals(post.incident)))
                .forEach(post -> assertThat(post.as.status()).as("an older one").isEqualTo(Status.RESOLVED));
        showsWhatIsSo(world, told.keySet());
    }

    /** The same when messages are deleted, or go into a digest: then another one takes over. */
    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void anotherMessageTakesOver(@ForAll("histories") List<Happening> history) {
        IncidentWorld world = new IncidentWorld(true, true);
        live(world, history, true, true);

        assertThat(messages(world).values()).as("messages of an incident").allMatch(count -> count == 1);
        showsWhatIsSo(
                world,
                world.slack.posts.stream()
                        .flatMap(post -> post.lines.stream().map(line -> post.incident + "/" + line.number()))
                        .collect(Collectors.toSet()));
    }

    /** Where Slack cannot be searched, there is at most one more for each crash between Slack's answer and its note. */
    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void aCrashIsAtMostOneMore(@ForAll("histories") List<Happening> history) {
        IncidentWorld world = new IncidentWorld(true, false);
        live(world, history, false, false);

        long more =
                messages(world).values().stream().mapToLong(count -> count - 1).sum();
        assertThat(more).isLessThanOrEqualTo(world.crashesAfterPost);
    }

    private static Map<String, Long> messages(IncidentWorld world) {
        return world.slack.posts.stream()
                .filter(Post::message)
                .collect(Collectors.groupingBy(post -> post.incident, HashMap::new, Collectors.counting()));
    }

    private static void showsWhatIsSo(IncidentWorld world, Set<String> told) {
        Incident incident = world.incident;
        if (incident == null) {
            return;
        }
        Shown shown = incident.shown();
        assertThat(shown.attempt()).isNull();
        if (shown.ts() == null) {
            assertThat(shown.state() > 0 || incident.silence() != null || !incident.firing())
                    .as("shown at all")
                    .isTrue();
            return;
        }
        Post message = world.slack.message(shown.ts());
        if (message.deleted) {
            return;
        }
        if (incident.silence() == null || incident.status() == Status.RESOLVED) {
            assertThat(message.as.state()).as("the state that Slack shows").isEqualTo(incident.state());
            assertThat(message.as.status()).isEqualTo(incident.status());
            assertThat(message.as.alerts().stream().map(IncidentAlert::count))
                    .containsExactlyElementsOf(
                            incident.alerts().stream().map(IncidentAlert::count).toList());
        }
        assertThat(message.as.status() == Status.RESOLVED && incident.firing())
                .as("green while it fires")
                .isFalse();
        if (incident.memory().held().isEmpty()) {
            assertThat(incident.story().stream()
                            .filter(line -> !UNTOLD.contains(line.kind()) && !world.hushed.contains(line.alert())))
                    .as("lines that the thread tells")
                    .allMatch(line -> told.contains(incident.id() + "/" + line.number()));
        }
    }

    /** What a webhook said last is so, and without crashes it says no end twice. */
    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void aWebhookSaysWhatIsSo(@ForAll("histories") List<Happening> history) {
        IncidentWorld world = new IncidentWorld(false, false);
        List<Happening> withoutCrashes = history.stream()
                .filter(happening -> !happening.what().equals("crashes"))
                .toList();
        live(world, withoutCrashes, false, false);
        world.silenced(false);
        world.passes(Duration.ofMinutes(10));
        world.settles();

        Map<String, Boolean> open = new HashMap<>();
        for (Post post : world.slack.posts) {
            for (StoryLine line : post.lines) {
                boolean wasOpen = open.getOrDefault(post.incident, false);
                boolean ends = ENDS.contains(line.kind());
                assertThat(wasOpen || !ends).as("%s ends what was told", line).isTrue();
                open.put(post.incident, !ends);
            }
        }
        if (world.incident != null && !world.slack.posts.isEmpty()) {
            Boolean said = open.get(world.incident.id());
            assertThat(world.incident.firing() ? said : !Boolean.TRUE.equals(said) || world.incident.flapping() != null)
                    .as(
                            "what was said last is so: %s of %s",
                            world.slack.posts.stream().map(post -> post.lines).toList(), world.incident)
                    .isTrue();
        }
    }
}

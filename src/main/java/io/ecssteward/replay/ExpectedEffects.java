package io.ecssteward.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Redactor;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.time.Durations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Computes the effects of messages, which {@code test} compares with the expected ones. An alert has the fields of the
 * {@code alert:} step that raised it, rather than Slack's blocks, which may change with a version.
 *
 * <p>A message is listed at the step that posts it, in its final state: after all edits, and with the replies in its
 * thread. The changes of incidents are listed at each step.
 *
 * <pre>
 * {
 *   "ecs": [{"cluster": "prod", "service": "web", "forceNewDeployment": true}],
 *   "incidents": ["joined service/111122223333/eu-west-1/prod/web"],
 *   "alerts": [{"channel": "#ops", "severity": "error", "state": "resolved",  "title": "...", "replies": ["..."]}],
 *   "http": [{"POST": "events.pagerduty.com", "body": {...}}],
 *   "followUp": ["agent after 1m"],
 *   "skipped": ["cooldown (redeploy/...)"],
 *   "deadLetter": "why"
 * }
 * </pre>
 *
 * <p>Empty members are left out. The effects are the same in every run, because the time comes from a clock that stands
 * still until it is moved forward; only values from Camel's own clock, such as {@code ${date:now}}, differ.
 */
public final class ExpectedEffects {

    /** A limit for chains of follow-ups, which only a mistake in the routes makes endless. */
    private static final int MAX_FOLLOW_UPS = 20;

    /** Edits are delayed by ten seconds at most. */
    private static final Duration LAST_EDITS = Duration.ofMinutes(1);

    private static final int MAX_PASSES = 1000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ReplaySession session;
    private final DecisionRecorder recorder;
    private final StandingClock clock;
    private final Map<ObjectNode, List<Channels.Message>> posted = new IdentityHashMap<>();
    private Channels channels = new Channels();

    /** Uses a replay session with this recorder and this clock. */
    public ExpectedEffects(ReplaySession session, DecisionRecorder recorder, StandingClock clock) {
        this.session = session;
        this.recorder = recorder;
        this.clock = clock;
    }

    /**
     * A follow-up that is due later.
     *
     * @param message the body of the message to Steward's own queue
     */
    private record Later(Instant due, String message) {}

    /** The effects of a case: an object for a sample, a list of steps for a story. */
    public JsonNode of(TestCase test) throws IOException {
        session.forget();
        recorder.clear();
        clock.set(StandingClock.BEGINNING);
        ArrayNode steps = JsonNodeFactory.instance.arrayNode();
        channels = new Channels();
        posted.clear();
        List<Later> later = new ArrayList<>();
        Instant now = StandingClock.BEGINNING;
        for (TestCase.Message message : test.messages()) {
            now = now.plus(message.after());
            followUp(later, now, steps);
            clock.set(now);
            // A file in another encoding is accepted as well, like any message.
            String body = new String(Files.readAllBytes(message.file()), StandardCharsets.UTF_8);
            steps.add(step("sample", message.file().getFileName().toString(), session.process(body), later));
        }
        followUp(later, Instant.MAX, steps);
        posted.forEach((step, messages) -> put(
                step, "alerts", messages.stream().map(ExpectedEffects::alert).collect(Collectors.toList())));
        // Parsed again, because equal numbers can have different kinds of nodes.
        return JSON.readTree(JSON.writeValueAsString(test.story() ? steps : sample(steps)));
    }

    private void followUp(List<Later> later, Instant until, ArrayNode steps) {
        for (int followUps = 0; followUps < MAX_FOLLOW_UPS && !later.isEmpty(); followUps++) {
            Later next = later.stream().min(Comparator.comparing(Later::due)).orElseThrow();
            if (next.due().isAfter(until)) {
                break;
            }
            later.remove(next);
            pass(next.due(), steps, later);
            clock.set(next.due());
            steps.add(step("again", about(next.message()), session.process(next.message()), later));
        }
        pass(until.equals(Instant.MAX) ? clock.instant().plus(LAST_EDITS) : until, steps, later);
    }

    /** Sweeps the incidents that become due; a sweep is a step if it does more than edit a message. */
    private void pass(Instant until, ArrayNode steps, List<Later> later) {
        for (int passes = 0; passes < MAX_PASSES; passes++) {
            Instant due = session.due();
            if (due == null || due.isAfter(until)) {
                return;
            }
            clock.set(due.isBefore(clock.instant()) ? clock.instant() : due);
            ObjectNode step = step("again", "incidents", List.of(session.pass()), later);
            if (step.has("incidents") || step.has("alerts")) {
                steps.add(step);
            }
        }
    }

    /** The first step, with the later ones as its member {@code then}. */
    private static ObjectNode sample(ArrayNode steps) {
        ObjectNode sample = (ObjectNode) steps.remove(0);
        sample.remove(List.of("at", "sample"));
        if (!steps.isEmpty()) {
            sample.set("then", steps);
        }
        return sample;
    }

    private ObjectNode step(String kind, String name, List<ReplaySession.Outcome> outcomes, List<Later> later) {
        ObjectNode step = JsonNodeFactory.instance.objectNode();
        step.put("at", Durations.write(Duration.between(StandingClock.BEGINNING, clock.instant())))
                .put(kind, name);
        List<JsonNode> ecs = new ArrayList<>();
        List<Channels.Message> messages = new ArrayList<>();
        List<JsonNode> incidents = new ArrayList<>();
        List<JsonNode> sns = new ArrayList<>();
        List<JsonNode> http = new ArrayList<>();
        List<JsonNode> followUps = new ArrayList<>();
        List<JsonNode> skipped = new ArrayList<>();
        for (ReplaySession.Outcome each : outcomes) {
            for (Action effect : each.eventOutcome().performed()) {
                switch (effect.sink()) {
                    case "ecs" -> ecs.add(effect.request());
                    case "slack" -> Optional.ofNullable(channels.add(effect)).ifPresent(messages::add);
                    case "incident" -> {
                        // The changes of incidents below cover it.
                    }
                    case "sqs" ->
                        followUps.add(text(effect.request().path("kind").asText() + " after "
                                + Durations.write(Duration.ofSeconds(
                                        effect.request().path("DelaySeconds").asLong()))));
                    case "http" ->
                        http.add(JsonNodeFactory.instance
                                .objectNode()
                                .put(effect.operation(), effect.about())
                                .set("body", effect.request()));
                    default -> sns.add(effect.request());
                }
            }
            each.eventOutcome().skipped().forEach(n -> skipped.add(text(n.toString())));
            if (each.event() != null
                    && each.failure() == null
                    && each.eventOutcome().performed().isEmpty()
                    && each.eventOutcome().skipped().isEmpty()) {
                skipped.add(text(SkipReason.IGNORED.word()));
            }
        }
        put(step, "ecs", ecs);
        session.changes().forEach(change -> incidents.addAll(incident(change)));
        if (!incidents.isEmpty()) {
            step.putArray("incidents").addAll(incidents);
        }
        if (!messages.isEmpty()) {
            // A placeholder, filled in when the messages are final.
            step.putArray("alerts");
            posted.put(step, messages);
        }
        put(step, "sns", sns);
        put(step, "http", http);
        put(step, "followUp", followUps);
        put(step, "skipped", skipped);
        outcomes.stream()
                .filter(each -> each.failure() != null)
                .findFirst()
                .ifPresent(each -> step.put(
                        each.failure() instanceof PermanentFailureException ? "deadLetter" : "failed",
                        describe(each.failure())));
        session.followUps()
                .forEach(message -> later.add(new Later(clock.instant().plus(message.delay()), message.body())));
        return step;
    }

    /** Adds the values in an order that does not depend on which of two parallel routes was faster. */
    private static void put(ObjectNode step, String name, List<JsonNode> all) {
        all.sort(Comparator.comparing(JsonNode::toString));
        if (!all.isEmpty()) {
            step.putArray(name).addAll(all);
        }
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    /** Removes the exchange's id from Camel's messages: it differs in each run. */
    private static String describe(Exception failure) {
        String message = Redactor.text(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        return message.replaceAll("Exchange\\[[^\\]]*\\]", "Exchange").strip();
    }

    /**
     * The kinds of the new story lines, or that an alert was only counted; none for a new incident, whose message shows
     * it.
     */
    private static List<JsonNode> incident(IncidentChanges.Change change) {
        if (change.before() == null) {
            return List.of();
        }
        List<String> kinds =
                change.lines().stream().map(line -> word(line.kind())).toList();
        return (kinds.isEmpty() ? List.of("counted") : kinds)
                .stream().map(kind -> text(kind + " " + change.after().about())).toList();
    }

    /** The fields of an alert; for a message without an alert, its payload. */
    private static ObjectNode alert(Channels.Message message) {
        Alert alert = message.alert();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("channel", message.channel());
        if (alert == null || alert.slackPayload() != null) {
            return node.set("slack", message.payload());
        }
        if (alert.mention() != null) {
            node.put("mention", alert.mention());
        }
        node.put("severity", word(alert.severity()))
                .put("state", message.state())
                .put("title", alert.title());
        List<String> text = alert.text().lines().toList();
        if (text.size() == 1) {
            node.put("text", text.get(0));
        } else {
            text.forEach(line -> node.withArray("text").add(line));
        }
        alert.fields().forEach(field -> node.withArray("fields").add(field.name() + ": " + field.value()));
        alert.links().forEach(link -> node.withArray("links").add(link.label() + ": " + link.url()));
        node.put("key", alert.key()).put("coolDown", Durations.write(alert.coolDown()));
        message.replies().forEach(reply -> node.withArray("replies").add(reply));
        return node;
    }

    private static String word(Enum<?> word) {
        return EnumWord.of(word).replace('_', ' ');
    }

    private static String about(String message) {
        try {
            JsonNode event = JSON.readTree(message);
            return event.path("detail")
                    .path("kind")
                    .asText(event.path("detail-type").asText());
        } catch (JsonProcessingException e) {
            return "";
        }
    }
}

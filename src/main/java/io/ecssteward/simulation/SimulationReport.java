package io.ecssteward.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Redactor;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.outcome.Action;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.replay.SentAlert;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Counts the results of a recording, in bounded memory. */
final class SimulationReport {

    static final int NOISIEST = 10;

    /**
     * How many names from events are counted for each kind of count; beyond this limit, the rarer half is forgotten.
     */
    private static final int MAX_NAMES = 20_000;

    private static final int MAX_REASONS = 1_000;

    final Map<String, Map<String, Long>> events = new TreeMap<>();
    final Map<String, Channel> channels = new TreeMap<>();
    final Map<String, Map<String, Long>> actions = new TreeMap<>();
    final Map<String, Failure> failures = new HashMap<>();
    final Grouping grouping = new Grouping();
    Map<String, Key> keys = new HashMap<>();
    boolean keysForgotten;
    long count;
    Instant first;
    Instant last;

    static final class Channel {
        final Map<String, Long> severities = new TreeMap<>();
        long alerts;
        Instant minute = Instant.MIN;
        long inMinute;
        Instant busiest;
        long inBusiest;
    }

    static final class Key {
        String title = "";
        long sent;
        long alerts;
    }

    static final class Failure {
        boolean forGood;
        long times;
        EventRecording.Place first;
    }

    /** Counts the result of a message; times must not go back. */
    void add(Simulation.Taken taken) {
        if (taken.round() == 0) {
            first = first == null ? taken.at() : first;
            last = taken.at();
        }
        grouping.add(taken);
        for (Simulation.Result result : taken.results()) {
            event(result.outcome(), taken.origin().place());
            result.outcome().eventOutcome().performed().stream()
                    .filter(e -> e.sink().equals("ecs"))
                    .forEach(this::action);
            result.sent().forEach(alert -> sent(alert, taken.at()));
            result.raised().stream().filter(alert -> !alert.quiet()).forEach(this::raised);
        }
    }

    private void event(ReplaySession.Outcome outcome, EventRecording.Place place) {
        if (outcome.event() == null && outcome.failure() == null) {
            // A sweep, not a message.
            return;
        }
        count++;
        Map<String, Long> outcomes = events.computeIfAbsent(
                outcome.event() == null ? "unreadable" : outcome.event().type(), t -> new TreeMap<>());
        outcomes.merge("events", 1L, Long::sum);
        if (outcome.failure() != null) {
            outcomes.merge("failed", 1L, Long::sum);
            failed(outcome.failure(), place);
        } else if (!outcome.eventOutcome().performed().isEmpty()) {
            outcomes.merge("performed", 1L, Long::sum);
        }
        if (outcome.event() != null) {
            outcome.eventOutcome().reasons().stream()
                    // An event that failed before any decision was not ignored.
                    .filter(r -> outcome.failure() == null || r != SkipReason.IGNORED)
                    .forEach(r -> outcomes.merge(r.word(), 1L, Long::sum));
        }
    }

    private void failed(Exception failure, EventRecording.Place place) {
        String message = Redactor.text(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        String name = failures.size() < MAX_REASONS || failures.containsKey(message) ? message : "other reasons";
        Failure known = failures.computeIfAbsent(name, m -> new Failure());
        known.times++;
        known.forGood = failure instanceof PermanentFailureException;
        known.first = known.first == null ? place : known.first;
    }

    private void action(Action effect) {
        JsonNode request = effect.request();
        String what = request.has("desiredCount")
                ? "desiredCount=" + request.path("desiredCount").asText()
                : request.has("capacityProviderStrategy")
                        ? "capacityProviderStrategy=" + strategy(request.path("capacityProviderStrategy"))
                        : request.path("forceNewDeployment").asBoolean() ? "forceNewDeployment" : effect.operation();
        actions.computeIfAbsent(effect.about(), a -> new TreeMap<>()).merge(what, 1L, Long::sum);
    }

    /** {@code FARGATE:0:1/FARGATE_SPOT:0:0}: each provider with its base and weight. */
    private static String strategy(JsonNode items) {
        StringJoiner text = new StringJoiner("/");
        items.forEach(item -> text.add(item.path("capacityProvider").asText() + ":"
                + item.path("base").asInt() + ":" + item.path("weight").asInt()));
        return text.toString();
    }

    private void sent(SentAlert alert, Instant at) {
        Channel channel = channels.computeIfAbsent(alert.channel(), c -> new Channel());
        channel.alerts++;
        channel.severities.merge(alert.severity().isEmpty() ? "other" : alert.severity(), 1L, Long::sum);
        Instant minute = at.truncatedTo(ChronoUnit.MINUTES);
        channel.inMinute = minute.equals(channel.minute) ? channel.inMinute + 1 : 1;
        channel.minute = minute;
        if (channel.inMinute > channel.inBusiest) {
            channel.inBusiest = channel.inMinute;
            channel.busiest = minute;
        }
        if (!alert.key().isEmpty() && !alert.channel().equals(SentAlert.TOPIC)) {
            Key key = key(alert.key());
            key.sent++;
            key.title = alert.title();
        }
    }

    private void raised(Alert alert) {
        Key key = key(alert.key());
        key.alerts++;
        key.title = key.title.isEmpty() ? alert.title() : key.title;
    }

    private Key key(String name) {
        Key known = keys.get(name);
        if (known == null) {
            if (keys.size() >= MAX_NAMES) {
                Map<String, Key> kept = new HashMap<>();
                keys.entrySet().stream()
                        .sorted(noisiest())
                        .limit(MAX_NAMES / 2)
                        .forEach(e -> kept.put(e.getKey(), e.getValue()));
                keys = kept;
                keysForgotten = true;
            }
            known = new Key();
            keys.put(name, known);
        }
        return known;
    }

    private static Comparator<Map.Entry<String, Key>> noisiest() {
        return Comparator.<Map.Entry<String, Key>>comparingLong(e -> -e.getValue().sent)
                .thenComparingLong(e -> -e.getValue().alerts)
                .thenComparing(Map.Entry::getKey);
    }

    List<Map.Entry<String, Key>> noisiestKeys() {
        return keys.entrySet().stream().sorted(noisiest()).limit(NOISIEST).toList();
    }

    List<Map.Entry<String, Failure>> failures() {
        return failures.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Failure>>comparingLong(e -> -e.getValue().times)
                        .thenComparing(Map.Entry::getKey))
                .toList();
    }

    long alerts() {
        return channels.entrySet().stream()
                .filter(c -> !c.getKey().equals(SentAlert.TOPIC))
                .mapToLong(c -> c.getValue().alerts)
                .sum();
    }

    /** The number per day; negative if the recording is too short. */
    double perDay(long number) {
        Duration span = first == null ? Duration.ZERO : Duration.between(first, last);
        return span.compareTo(Duration.ofHours(1)) < 0 ? -1 : number * 86_400.0 / span.toSeconds();
    }

    /** The report as JSON; {@link SimulationText} writes it for people. */
    ObjectNode json(EventRecording.Reading reading, long dropped, long forgotten) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode recorded = json.putObject("recorded");
        recorded.put("files", reading.files()).put("messages", reading.messages());
        recorded.put("from", first == null ? null : first.toString()).put("to", last == null ? null : last.toString());
        recorded.put("broken", reading.broken())
                .put("untimed", reading.untimed())
                .put("late", reading.late());
        recorded.put("outside", reading.outside())
                .put("followUps", reading.ours())
                .put("restarts", reading.restarts());
        reading.problems().forEach(recorded.putArray("problems")::add);
        ObjectNode types = json.putObject("events");
        events.forEach((type, outcomes) -> {
            ObjectNode node = types.putObject(type);
            outcomes.forEach(node::put);
        });
        ObjectNode alerts = json.putObject("alerts");
        alerts.put("sent", alerts());
        rate(alerts, alerts());
        ObjectNode byChannel = alerts.putObject("channels");
        channels.forEach((name, channel) -> {
            ObjectNode node = byChannel.putObject(name).put("sent", channel.alerts);
            rate(node, channel.alerts);
            ObjectNode severities = node.putObject("severities");
            channel.severities.forEach(severities::put);
            node.putObject("busiestMinute")
                    .put("at", channel.busiest.toString())
                    .put("sent", channel.inBusiest);
        });
        json.set("incidents", grouping.json());
        ArrayNode noisiest = alerts.putArray("noisiest");
        noisiestKeys()
                .forEach(e -> noisiest.addObject()
                        .put("key", e.getKey())
                        .put("title", e.getValue().title)
                        .put("sent", e.getValue().sent)
                        .put("alerts", e.getValue().alerts));
        ObjectNode services = json.putObject("actions");
        actions.forEach((service, kinds) -> {
            ObjectNode node = services.putObject(service);
            kinds.forEach(node::put);
        });
        ArrayNode failed = json.putArray("failures");
        failures()
                .forEach(e -> failed.addObject()
                        .put("reason", e.getKey())
                        .put("deadLetter", e.getValue().forGood)
                        .put("times", e.getValue().times)
                        .put("first", e.getValue().first.toString()));
        json.put("remindersDropped", dropped).put("claimsForgottenEarly", forgotten);
        return json;
    }

    private void rate(ObjectNode node, long number) {
        if (perDay(number) >= 0) {
            node.put("aDay", Math.round(perDay(number) * 10) / 10.0);
        }
    }
}

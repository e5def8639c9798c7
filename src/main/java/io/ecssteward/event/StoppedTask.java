package io.ecssteward.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds why a task stops: which container ended first, and which row of the table applies.
 *
 * <p>The event says neither which containers are essential nor in which order they ended, so both are inferred. ECS
 * stops all containers once an essential one has ended, and the stopped ones end with SIGTERM or SIGKILL. A container
 * that failed in another way was therefore the first. If none did, it was the one with exit code 0. A sidecar that is
 * stopped gracefully also exits with 0, so containers with a sidecar's name come last.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html">Task: stopCode, stoppedReason,
 *     containers</a>
 */
final class StoppedTask {

    /** Names of sidecars. They count only if the exit codes do not decide. */
    private static final Pattern SIDECAR =
            Pattern.compile(StopCause.TABLE.path("sidecars").asText(), Pattern.CASE_INSENSITIVE);

    /** A placeholder, alone or in brackets with the text that depends on it. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\[([^\\[\\]{}]*)\\{(\\w+)}([^\\[\\]{}]*)]|\\{(\\w+)}");

    private static final Pattern REGISTRY = Pattern.compile("^[^/]*[.:][^/]*/");

    /** The rank of a container about which the event says nothing; a sidecar's rank is {@link #SIDECARS} higher. */
    private static final int UNKNOWN = 8;

    private static final int SIDECARS = 10;

    /** One container of the task, as far as the event describes it. */
    record Container(String name, Long exitCode, String reason, String image) {
        static Container of(JsonNode json) {
            JsonNode code = json.path("exitCode");
            return new Container(
                    Notice.either(Notice.value(json.path("name")), "?"),
                    code.isIntegralNumber() && code.canConvertToLong() ? code.longValue() : null,
                    Payload.textOf(json.path("reason")),
                    Notice.value(json.path("image")));
        }

        boolean failed() {
            return exitCode == null ? reason != null : exitCode != 0;
        }

        /** A rank for how likely it was the first to end: the container with the lowest was. */
        private int rank(String stoppedReason) {
            int sidecar = SIDECAR.matcher(name).find() ? 1 : 0;
            if (reason != null && (exitCode == null || reason.contains("OutOfMemory"))) {
                return sidecar;
            }
            if (exitCode != null && exitCode != 0 && !ExitCode.whenStopped(exitCode)) {
                return 2 + sidecar;
            }
            if (exitCode != null) {
                return (exitCode == 0 ? 4 : exitCode == 137 ? 5 : 6) + SIDECARS * sidecar;
            }
            boolean named = stoppedReason != null && image != null && stoppedReason.contains(image);
            return named ? 7 : UNKNOWN + SIDECARS * sidecar;
        }

        @Override
        public String toString() {
            String how = exitCode == null ? "did not run" : "exited with " + ExitCode.of(exitCode);
            return name + " " + how + (reason == null ? "" : ": " + reason);
        }
    }

    private final TaskStateChange task;
    private final List<Container> containers;
    private final Container first;
    private final String says;
    private final StopCause cause;

    StoppedTask(TaskStateChange task) {
        this.task = task;
        containers = StopCause.items(task.payload().at("detail.containers"))
                .filter(JsonNode::isObject)
                .map(Container::of)
                .sorted(Comparator.comparing(c -> c.rank(task.stoppedReason())))
                .toList();
        first = containers.stream()
                .limit(1)
                .filter(c -> containers.size() == 1 || c.rank(task.stoppedReason()) % SIDECARS != UNKNOWN)
                .findFirst()
                .orElse(null);
        says = Stream.concat(
                        Stream.of(task.stopCode(), task.stoppedReason()),
                        containers.stream().map(Container::reason))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
        cause = StopCause.ALL.stream()
                .filter(row -> row.matches(this))
                .findFirst()
                .orElseThrow();
    }

    String stopCode() {
        return task.stopCode();
    }

    /**
     * Everything that ECS says about the reason, one item per line: the stop code, and the reasons of the task and of
     * each container.
     */
    String says() {
        return says;
    }

    /** The exit code of the container that ended first: {@code zero}, {@code nonzero}, or null if unknown. */
    String exit() {
        return first == null || first.exitCode() == null ? null : first.exitCode() == 0 ? "zero" : "nonzero";
    }

    /** The name of the container that ended first; null if unknown. */
    String first() {
        return first == null ? null : first.name();
    }

    /** Whether it is a standalone task. ECS replaces the tasks of services and daemons. */
    boolean standalone() {
        String startedBy = task.payload().firstText("detail.startedBy");
        return task.service() == null
                && (task.group() == null || !task.group().startsWith("daemon:"))
                && (startedBy == null || !startedBy.startsWith("ecs-svc/"));
    }

    /** How long the task ran; null if unknown. */
    Duration ran() {
        Instant from = task.payload().instant("detail.startedAt");
        Instant to = Stream.of("detail.stoppingAt", "detail.executionStoppedAt", "detail.stoppedAt")
                .map(task.payload()::instant)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return from == null || to == null ? null : Duration.between(from, to);
    }

    StopCause cause() {
        return cause;
    }

    /** The containers that failed or never ran, one per line, the one that ended first at the top. */
    String failedContainers() {
        return containers.stream()
                .filter(Container::failed)
                .map(Container::toString)
                .collect(Collectors.joining("\n"));
    }

    /** Adds the cause to an alert about the task. */
    Alert.Builder addTo(Alert.Builder alert, String name) {
        ExitCode exit = exit() == null ? null : ExitCode.of(first.exitCode());
        Map<String, String> values = Stream.of(
                        Arrays.asList("task", name),
                        Arrays.asList("container", first == null ? null : first.name()),
                        Arrays.asList("image", first == null || first.image() == null ? null : image()),
                        Arrays.asList("exit", exit == null ? null : exit.toString()),
                        Arrays.asList("meaning", exit == null ? null : exit.meaning()),
                        Arrays.asList("look", exit == null ? null : exit.look()),
                        Arrays.asList("code", stopCode()),
                        Arrays.asList(
                                "capacity",
                                task.payload().firstText("detail.capacityProviderName", "detail.launchType")))
                .filter(pair -> pair.get(1) != null)
                .collect(Collectors.toMap(pair -> pair.get(0), pair -> pair.get(1)));
        String ecs = Stream.of(stopCode(), task.stoppedReason())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(": "));
        return alert.severity(cause.severity() == null ? Severity.INFO : cause.severity())
                .title(fill(cause.title(), values))
                .text((fill(cause.cause() + " " + cause.look(), values).strip()
                        + (ecs.isEmpty() ? "" : "\nECS says: " + ecs)))
                .field("Containers", failedContainers())
                .link("What AWS says", cause.page());
    }

    /** The image without its registry: {@code shop/web:1.4.2}. */
    private String image() {
        return REGISTRY.matcher(first.image()).replaceFirst("");
    }

    private static String fill(String text, Map<String, String> values) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(filled(found, values)));
    }

    private static String filled(MatchResult found, Map<String, String> values) {
        if (found.group(4) != null) {
            return values.getOrDefault(found.group(4), "?");
        }
        String value = values.get(found.group(2));
        return value == null ? "" : found.group(1) + value + found.group(3);
    }
}

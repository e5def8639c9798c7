package io.ecssteward.ecs;

import io.ecssteward.alert.Redactor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The differences between two task definitions that matter to an engineer. It shows the names of environment variables
 * and secrets, never their values.
 *
 * @param changes one per line: {@code app: image shop:1.7 is now shop:1.8}; empty when nothing differs
 */
record TaskDefinitionDiff(List<String> changes) {

    /** A digest has 64 digits; the first twelve are enough. */
    private static final String DIGEST = "(@sha256:[0-9a-f]{12})[0-9a-f]+";

    private static final int SHORT = 600;

    /**
     * Reads a task definition from ECS; null when it was deleted.
     *
     * @throws io.ecssteward.failure.TransientFailureException when ECS throttles, has a server error, or does not
     *     answer
     * @throws io.ecssteward.failure.PermanentFailureException when ECS rejects the call
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html">DescribeTaskDefinition</a>
     */
    static TaskDefinition describe(EcsClient client, String arn) {
        return EcsErrors.during("describing the task definition " + ChangeTexts.label(arn), () -> {
            try {
                return client.describeTaskDefinition(r -> r.taskDefinition(arn)).taskDefinition();
            } catch (ClientException e) {
                return null;
            }
        });
    }

    /** The differences; either task definition may be null if it was deleted. */
    static TaskDefinitionDiff of(TaskDefinition from, TaskDefinition to) {
        List<String> changes = new ArrayList<>();
        if (from == null || to == null) {
            changes.add("not known, as one of the task definitions was deleted");
            return new TaskDefinitionDiff(changes);
        }
        value(changes, "", "cpu", from.cpu(), to.cpu());
        value(changes, "", "memory", from.memory(), to.memory());
        Map<String, ContainerDefinition> before = containers(from);
        Map<String, ContainerDefinition> after = containers(to);
        after.forEach((name, container) -> {
            if (before.containsKey(name)) {
                container(changes, name + ": ", before.get(name), container);
            } else {
                changes.add("container " + name + " is new, image " + image(container.image()));
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> changes.add("container " + name + " is gone"));
        if (!rest(from).equals(rest(to))) {
            changes.add("other settings of the task differ");
        }
        return new TaskDefinitionDiff(changes.stream()
                .map(change -> Redactor.text(change.replaceAll("\\s+", " ")))
                .toList());
    }

    /** The differences in one sentence. */
    String inShort() {
        String all = changes.isEmpty() ? "nothing; the two task definitions are the same" : String.join("; ", changes);
        return (all.length() > SHORT ? all.substring(0, SHORT) + "…" : all) + ".";
    }

    private static Map<String, ContainerDefinition> containers(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .collect(Collectors.toMap(
                        c -> String.valueOf(c.name()), Function.identity(), (a, b) -> a, LinkedHashMap::new));
    }

    private static void container(List<String> changes, String name, ContainerDefinition from, ContainerDefinition to) {
        value(changes, name, "image", image(from.image()), image(to.image()));
        value(changes, name, "cpu", from.cpu(), to.cpu());
        value(changes, name, "memory", from.memory(), to.memory());
        value(changes, name, "memory reservation", from.memoryReservation(), to.memoryReservation());
        names(
                changes,
                name + "environment",
                byName(from.environment(), KeyValuePair::name, KeyValuePair::value),
                byName(to.environment(), KeyValuePair::name, KeyValuePair::value));
        names(
                changes,
                name + "secrets",
                byName(from.secrets(), Secret::name, Secret::valueFrom),
                byName(to.secrets(), Secret::name, Secret::valueFrom));
        if (!from.command().equals(to.command()) || !from.entryPoint().equals(to.entryPoint())) {
            changes.add(name + "the command changed");
        }
        if (!rest(from).equals(rest(to))) {
            changes.add(name + "other settings differ");
        }
    }

    private static void value(List<String> changes, String name, String what, Object from, Object to) {
        if (!Objects.equals(from, to)) {
            changes.add(name + what + " " + (from == null ? "none" : from) + " is now " + (to == null ? "none" : to));
        }
    }

    private static void names(List<String> changes, String what, Map<String, String> from, Map<String, String> to) {
        Set<String> added = new TreeSet<>(to.keySet());
        added.removeAll(from.keySet());
        Set<String> removed = new TreeSet<>(from.keySet());
        removed.removeAll(to.keySet());
        Set<String> changed = new TreeSet<>(from.keySet());
        changed.removeIf(name -> !to.containsKey(name) || to.get(name).equals(from.get(name)));
        List<String> parts = new ArrayList<>();
        if (!added.isEmpty()) {
            parts.add("new " + String.join(", ", added));
        }
        if (!removed.isEmpty()) {
            parts.add("gone " + String.join(", ", removed));
        }
        if (!changed.isEmpty()) {
            parts.add("changed " + String.join(", ", changed));
        }
        if (!parts.isEmpty()) {
            changes.add(what + " " + String.join("; ", parts));
        }
    }

    private static <T> Map<String, String> byName(List<T> list, Function<T, String> name, Function<T, String> value) {
        Map<String, String> values = new TreeMap<>();
        list.forEach(one -> values.put(String.valueOf(name.apply(one)), String.valueOf(value.apply(one))));
        return values;
    }

    private static String image(String image) {
        return image == null ? null : image.replaceAll(DIGEST, "$1");
    }

    /** The parts of a container definition that are not compared one by one. */
    private static ContainerDefinition rest(ContainerDefinition container) {
        return container.toBuilder()
                .image(null)
                .cpu(null)
                .memory(null)
                .memoryReservation(null)
                .environment(List.of())
                .secrets(List.of())
                .command(List.of())
                .entryPoint(List.of())
                .build();
    }

    private static TaskDefinition rest(TaskDefinition definition) {
        return TaskDefinition.builder()
                .taskRoleArn(definition.taskRoleArn())
                .executionRoleArn(definition.executionRoleArn())
                .networkMode(definition.networkMode())
                .volumes(definition.volumes())
                .placementConstraints(definition.placementConstraints())
                .runtimePlatform(definition.runtimePlatform())
                .requiresCompatibilities(definition.requiresCompatibilities())
                .pidMode(definition.pidMode())
                .ipcMode(definition.ipcMode())
                .proxyConfiguration(definition.proxyConfiguration())
                .ephemeralStorage(definition.ephemeralStorage())
                .build();
    }
}

package io.ecssteward.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** What an engineer is told of the difference between two task definitions. */
class TaskDefinitionDiffTest {

    private static final ContainerDefinition APP = ContainerDefinition.builder()
            .name("app")
            .image("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1.7")
            .command("serve")
            .environment(pair("LOG_LEVEL", "info"), pair("DB_PASSWORD", "hunter2"))
            .secrets(secret("API_TOKEN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:one"))
            .build();

    private static KeyValuePair pair(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    private static Secret secret(String name, String from) {
        return Secret.builder().name(name).valueFrom(from).build();
    }

    private static TaskDefinition task(ContainerDefinition... containers) {
        return TaskDefinition.builder()
                .cpu("256")
                .memory("512")
                .containerDefinitions(containers)
                .build();
    }

    private static List<String> changed(Consumer<ContainerDefinition.Builder> change) {
        return TaskDefinitionDiff.of(task(APP), task(APP.copy(change::accept))).changes();
    }

    @Example
    void tellsEachChangeOfAContainerInALine() {
        Map<Consumer<ContainerDefinition.Builder>, String> table = Map.of(
                c -> c.image("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1.8"),
                "app: image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1.7 is now"
                        + " 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1.8",
                c -> c.image("shop@sha256:" + "0123456789abcdef".repeat(4)),
                "app: image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1.7 is now shop@sha256:0123456789ab",
                c -> c.memory(256),
                "app: memory none is now 256",
                c -> c.command("serve", "--password=hunter2"),
                "app: the command changed",
                c -> c.entryPoint("/bin/sh"),
                "app: the command changed",
                c -> c.environment(pair("LOG_LEVEL", "debug"), pair("DB_PASSWORD", "hunter3"), pair("NEW", "1")),
                "app: environment new NEW; changed DB_PASSWORD, LOG_LEVEL",
                c -> c.environment(List.of()),
                "app: environment gone DB_PASSWORD, LOG_LEVEL",
                c -> c.secrets(secret("API_TOKEN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:two")),
                "app: secrets changed API_TOKEN",
                c -> c.user("1000"),
                "app: other settings differ");

        table.forEach((change, line) -> assertThat(changed(change)).containsExactly(line));
    }

    @Example
    void tellsWhatChangesOfTheTask() {
        ContainerDefinition sidecar =
                ContainerDefinition.builder().name("otel").image("otel:2").build();
        TaskDefinition later = TaskDefinition.builder()
                .cpu("512")
                .memory("1024")
                .taskRoleArn("arn:aws:iam::111122223333:role/new")
                .containerDefinitions(sidecar)
                .build();

        assertThat(TaskDefinitionDiff.of(task(APP), later).changes())
                .containsExactly(
                        "cpu 256 is now 512",
                        "memory 512 is now 1024",
                        "container otel is new, image otel:2",
                        "container app is gone",
                        "other settings of the task differ");
    }

    @Example
    void saysWhenNothingDiffersAndWhenNobodyKnows() {
        assertThat(TaskDefinitionDiff.of(task(APP), task(APP)).inShort())
                .isEqualTo("nothing; the two task definitions are the same.");
        assertThat(TaskDefinitionDiff.of(null, task(APP)).inShort())
                .isEqualTo("not known, as one of the task definitions was deleted.");
    }

    /** Values have letters that nothing else has. */
    @Provide
    Arbitrary<TaskDefinition> tasks() {
        Arbitrary<String> names = Arbitraries.of("A", "DB_PASSWORD", "LOG_LEVEL", "X=Y", "JSON", "URL", "a b\nc");
        Arbitrary<String> values = Arbitraries.strings()
                .withChars('ä', 'ö', 'ü', '"', '{', '}', ':', '=', ' ', '\n')
                .ofMinLength(1)
                .ofMaxLength(20)
                .map(v -> "äöü" + v + "äöü");
        Arbitrary<ContainerDefinition> containers = Combinators.combine(
                        Arbitraries.of("app", "otel", "proxy"),
                        Arbitraries.of("shop:1", "shop:2"),
                        Combinators.combine(names, values)
                                .as(TaskDefinitionDiffTest::pair)
                                .list()
                                .ofMaxSize(6),
                        Combinators.combine(names, values)
                                .as(TaskDefinitionDiffTest::secret)
                                .list()
                                .ofMaxSize(4),
                        values.list().ofMaxSize(3))
                .as((name, image, environment, secrets, command) -> ContainerDefinition.builder()
                        .name(name)
                        .image(image)
                        .environment(environment)
                        .secrets(secrets)
                        .command(command)
                        .build());
        return containers.list().ofMaxSize(3).map(list -> task(list.toArray(new ContainerDefinition[0])));
    }

    @Property(tries = 500)
    void noValueIsEverTold(@ForAll("tasks") TaskDefinition from, @ForAll("tasks") TaskDefinition to) {
        TaskDefinitionDiff diff = TaskDefinitionDiff.of(from, to);
        List<String> told = new ArrayList<>(diff.changes());
        told.add(diff.inShort());

        assertThat(told).noneMatch(line -> line.contains("äöü")).noneMatch(line -> line.contains("\n"));
    }

    @Property(tries = 200)
    void whatIsTheSameIsNotTold(@ForAll("tasks") TaskDefinition task) {
        assertThat(TaskDefinitionDiff.of(task, task.toBuilder().build()).changes())
                .isEmpty();
    }

    @Property(tries = 200)
    void whatDiffersIsTold(@ForAll("tasks") TaskDefinition task) {
        TaskDefinition other = task.toBuilder()
                .containerDefinitions(Stream.concat(
                                task.containerDefinitions().stream(),
                                Stream.of(ContainerDefinition.builder()
                                        .name("new")
                                        .build()))
                        .toList())
                .build();
        assertThat(TaskDefinitionDiff.of(task, other).changes()).isNotEmpty();
        assertThat(TaskDefinitionDiff.of(other, task).changes()).isNotEmpty();
    }
}

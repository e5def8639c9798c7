package io.ecssteward.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.settings.Settings;
import io.ecssteward.testing.Dynamo;
import io.ecssteward.testing.FakeEcs;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The task role's policy allows what the steward calls, and nothing else. What it calls is known in two ways: by what
 * its compiled code can call, and by what arrived in a run of the whole. Camel's own components add nothing to the
 * first: they are given clients of ours for SQS and ECS that pass on only what is overridden there, and the run shows
 * what they ask of SNS.
 */
class PermissionsTest {

    private static final String SCAN = "dynamodb:Scan";

    /** The actions of the policy, but for those on the key, which SQS calls in the steward's name. */
    private static Set<String> allowed() {
        Set<String> actions = new TreeSet<>();
        Matcher lists =
                Pattern.compile("Action +=\\s*(\\[[^\\]]*\\]|\"[^\"]*\")").matcher(Module.read("iam.tf"));
        while (lists.find()) {
            Matcher action = Pattern.compile("\"([^\"]*)\"").matcher(lists.group(1));
            while (action.find()) {
                actions.add(action.group(1));
            }
        }
        assertThat(actions).as("actions, each in full").allMatch(a -> a.matches("[a-z]+:[A-Z][A-Za-z]+"));
        assertThat(actions).as("what the role itself is for").contains("sts:AssumeRole");
        assertThat(actions).as("what SQS needs of the key").contains("kms:Decrypt", "kms:GenerateDataKey");
        actions.removeAll(Set.of("sts:AssumeRole", "kms:Decrypt", "kms:GenerateDataKey"));
        return actions;
    }

    /** A batch of one thing needs the permission for that thing. */
    private static Set<String> permissions(Set<String> operations) {
        return operations.stream()
                .map(o -> o.replaceAll("^(sqs:\\w+)Batch$", "$1"))
                // IAM has names of its own for some services.
                .map(o -> o.replaceAll("^cloudwatchlogs:", "logs:"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> inCode() throws URISyntaxException {
        return CalledOperations.in(Path.of(Settings.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
    }

    private static Set<String> inARun() {
        Set<String> operations = new TreeSet<>();
        try (Dynamo dynamo = new Dynamo();
                RunningSteward steward = RunningSteward.create()) {
            String table = dynamo.createTable();
            dynamo.takeCalls();
            steward.ecs.addCluster("prod", 3).addService("prod", "web");
            steward.ecs.addService("prod", "logging-agent").desiredCount(1).capacity("hosts", 0, 1);
            steward.ecs.addContainerInstance("prod", "8e59995608f14e0e7a13a234d71827ac", false, "ACTIVE", 14);
            steward.claimingIn(dynamo, table)
                    .with(
                            "steward.sns.topic-arn", steward.sns.topicArn("alerts"),
                            "steward.one-per-instance.services", "prod/logging-agent",
                            "steward.one-per-instance.window", "1",
                            "steward.agent.grace-period", "1")
                    .start();
            steward.sendSample("task-spot-interrupted");
            steward.sendSample("container-instance-agent-disconnected");
            steward.sendSample("malformed-task-without-cluster");
            steward.awaitDone();
            steward.stop();

            steward.sqsRequests
                    .all()
                    .forEach(r ->
                            operations.add("sqs:" + r.getClass().getSimpleName().replaceAll("Request$", "")));
            steward.ecs.calls().forEach(c -> operations.add("ecs:" + c.operation()));
            dynamo.takeCalls().forEach(c -> operations.add("dynamodb:" + c));
            // The fake knows nothing else, and counts what it refuses.
            assertThat(steward.sns.published()).isNotEmpty().hasSize(steward.sns.attempts());
            operations.add("sns:Publish");
            assertThat(steward.deadLetters()).hasSize(1);
        }
        return operations;
    }

    @Test
    void theRoleMayDoWhatTheStewardCallsAndNothingElse() throws URISyntaxException {
        Set<String> run = inARun();
        assertThat(run)
                .as("a run that shows something")
                .contains(
                        "sqs:ReceiveMessage",
                        "sqs:SendMessage",
                        "sqs:DeleteMessageBatch",
                        "sns:Publish",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                        "ecs:" + FakeEcs.UPDATE_SERVICE,
                        "ecs:" + FakeEcs.DESCRIBE_SERVICES,
                        "ecs:" + FakeEcs.DESCRIBE_CLUSTERS,
                        "ecs:" + FakeEcs.LIST_CONTAINER_INSTANCES,
                        "ecs:" + FakeEcs.DESCRIBE_CONTAINER_INSTANCES);
        assertThat(run)
                .as("what reads the whole table is for commands, which people run")
                .doesNotContain(SCAN);
        Set<String> called = permissions(inCode());
        called.remove(SCAN);
        called.addAll(permissions(run));
        assertThat(allowed()).isEqualTo(called);
    }

    /**
     * Only what Camel asks of SNS is known from the run alone; for the rest, a run that shows more shows a hole in the
     * search.
     */
    @Test
    void whoeverMakesTheRoleByHandFindsEachAction() throws IOException {
        String page = Files.readString(Path.of("docs/operating.md"));
        assertThat(allowed())
                .allSatisfy(action -> assertThat(page).containsPattern("`(" + action.replace(":", ":)?") + "`"));
    }

    @Test
    void whatARunShowsIsInTheCode() throws URISyntaxException {
        Set<String> run = inARun();
        run.remove("sns:Publish");
        assertThat(inCode()).containsAll(run);
    }
}

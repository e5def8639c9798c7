package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.replay.DecisionRecorder;
import io.ecssteward.replay.ReplaySession;
import io.ecssteward.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ExplainTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyPatternIsAskedUntilOneMatches() {
        CommandRun.Result result = CommandRun.run("explain", "samples/task-exited-with-error.json");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()
                        .lines()
                        .dropWhile(l -> !l.startsWith("Route branch"))
                        .takeWhile(l -> !l.isEmpty())
                        .skip(7))
                .containsExactly("""
                  no  Fargate Spot takes a task away; some events say so only in the sentence
                      none of 2 alternatives is met:
                        (1) detail.stopCode is "EssentialContainerExited", and one of "SpotInterruption", "TerminationNotice" is asked for
                        (2) detail.stoppedReason is "Essential container in task exited", and what begins with "Your Spot Task was interrupted" is asked for
                  no  A container instance came, went, or lost or found its agent
                      detail-type is "ECS Task State Change", and "ECS Container Instance State Change" is asked for
                  no  A service met an obstacle, or a deployment failed
                      detail-type is "ECS Task State Change", and one of "ECS Service Action", "ECS Deployment State Change" is asked for
                  yes A task stopped
                      goes to direct:stopped-tasks
                  -   A CloudWatch alarm, by EventBridge or by SNS  (not asked)
                  -   What only a route of your own looks after is no notice, nor uninteresting  (not asked)
                  -   Chatter, and our own calls as CloudTrail sees them; nothing is done about these  (not asked)
                  -   otherwise  (not asked)
                """.lines().toArray(String[]::new));
    }

    @Test
    void itSaysWhatTheEventIsAndWhatIsClaimedAndWhatComesOfIt() {
        assertThat(CommandRun.run("explain", "samples/task-spot-interrupted-through-sns.json")
                        .out())
                .contains("  is        task-state-change\n")
                .contains("  cluster   prod\n")
                .contains("  service   web\n")
                .contains("  time      2026-11-16T09:14:05.221Z\n")
                .contains("  route     spot-interruption > redeploy > slack\n")
                .contains(
                        "  redeploy/arn:aws:ecs:eu-west-1:111122223333:cluster/prod/web\n      a repeat within 2m is dropped as cooldown\n")
                .contains(
                        "  ecs      UpdateService {\"cluster\":\"prod\",\"service\":\"web\",\"forceNewDeployment\":true}\n")
                .contains("| A fresh deployment was started");
    }

    @Test
    void eachOwnRouteIsAsked() {
        System.setProperty(
                Settings.ROUTES.name(), "classpath:routes/*.camel.yaml,file:src/test/resources/operator/*.camel.yaml");
        try {
            String alarm = CommandRun.run("explain", "src/test/resources/operator/samples/checkout-errors-alarm.json")
                    .out();
            assertThat(alarm.lines()
                            .dropWhile(l -> !l.startsWith("Custom routes"))
                            .skip(1)
                            .takeWhile(l -> !l.isEmpty()))
                    .containsExactly("""
                      no  An order import failed
                          source is "aws.cloudwatch", and "shop.orders" is asked for
                      yes Redeploys checkout when its alarm goes off; the alert about the alarm is the shipped one
                          goes to route redeploy-on-alarm (file:src/test/resources/operator/redeploy-on-alarm.camel.yaml:5)
                    """.lines().toArray(String[]::new));
            assertThat(alarm)
                    .contains("  yes A CloudWatch alarm, by EventBridge or by SNS\n      goes to direct:alarms\n")
                    .contains("/checkout\n      a repeat within 30m is dropped as cooldown\n")
                    .contains(
                            "  ecs      UpdateService {\"cluster\":\"prod\",\"service\":\"checkout\",\"forceNewDeployment\":true}\n");

            assertThat(CommandRun.run("explain", "samples/custom-event.json").out())
                    .contains("  yes An order import failed\n      goes to route order-import (")
                    .contains("  yes What only a route of your own looks after is no notice, nor uninteresting\n")
                    .contains("  -   otherwise  (not asked)\n");
            assertThat(CommandRun.run("explain", "samples/follow-up-agent.json").out())
                    .contains(
                            "  no  An order import failed\n      what the steward sends to itself is for the shipped routes only\n");
        } finally {
            System.clearProperty(Settings.ROUTES.name());
        }
    }

    @Test
    void whatItLooksAtAgainIsExplainedToo() {
        assertThat(CommandRun.run("explain", "samples/container-instance-agent-disconnected.json")
                        .out())
                .contains("SendMessage {\"kind\":\"agent\",\"DelaySeconds\":60}")
                .contains("Follow-up")
                .contains(
                        "  yes A follow-up; the grace period of an agent is over\n      goes to direct:agent-connection\n")
                .contains("is disconnected");
    }

    @Test
    void whatCannotBeReadHasAReason() {
        CommandRun.Result result = CommandRun.run("explain", "samples/malformed-task-without-cluster.json");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains(
                        "  is        unreadable\n",
                        "to the dead-letter queue: reading a task state change: no usable detail.clusterArn");
    }

    @Test
    void textMatchesNoPattern() {
        assertThat(CommandRun.run("explain", "samples/text-bare.txt").out())
                .contains("it is no JSON object, and a pattern matches nothing else")
                .contains("  yes otherwise\n      goes to direct:notices\n");
    }

    @Test
    void anEventComesByStdinToo() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(Path.of("samples/alarm-metric-firing.json"))));
        try {
            assertThat(CommandRun.run("explain", "-").out())
                    .contains("  is        alarm-state-change\n", "goes to direct:alarms");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aFileThatIsMissingIsWrong() {
        assertThat(CommandRun.run("explain", "samples/no-such-file.json").code())
                .isEqualTo(Main.WRONG);
    }

    @Test
    void coloursAreForATerminal() {
        assertThat(CommandRun.run("explain", "samples/text-bare.txt").out()).doesNotContain("\u001b[");
        assertThat(CommandRun.run(CommandLine.Help.Ansi.ON, "explain", "samples/text-bare.txt")
                        .out())
                .contains("\u001b[");
    }

    @Test
    void jsonHasTheClauseAsAPattern() throws IOException {
        JsonNode explained = JSON.readTree(CommandRun.run("explain", "--json", "samples/task-stopped-by-user.json")
                .out());
        assertThat(explained.path("event").asText()).isEqualTo("task-state-change");
        assertThat(explained.path("decisions")).hasSize(2);
        JsonNode stopped = explained.path("decisions").get(1);
        assertThat(stopped.path("route").asText()).isEqualTo("stopped-tasks");
        assertThat(stopped.path("where").asText()).matches("classpath:routes/stopped-tasks.camel.yaml:\\d+");
        assertThat(stopped.path("questions").get(0).path("answer").asText()).isEqualTo("no");
        assertThat(stopped.path("questions").get(0).path("clause"))
                .isEqualTo(JSON.readTree("{\"detail\": {\"stopCode\": [\"TaskFailedToStart\"]}}"));
        assertThat(stopped.path("questions").get(2).path("answer").asText()).isEqualTo("yes");
        assertThat(explained.path("claims").get(0).path("coolDown").asText()).isEqualTo("1h");
        assertThat(explained.path("claims").get(0).path("reason").asText()).isEqualTo("duplicate");
        assertThat(explained.path("skipped").get(0).path("reason").asText()).isEqualTo("ignored");
    }

    /** For every sample: what is explained is what the matcher says, and what the routes then did. */
    @Test
    void whatIsExplainedIsWhatHappens() throws Exception {
        Settings settings = ReplaySession.settings(
                Settings.of(Map.of(), Map.of("steward.one-per-instance.services", "prod/logging-agent")), false);
        DecisionRecorder recorder = new DecisionRecorder();
        int matched = 0;
        try (ReplaySession session = ReplaySession.start(settings, Clock.systemUTC(), recorder);
                Stream<Path> samples = Files.list(Path.of("samples"))) {
            for (Path sample :
                    samples.filter(f -> !f.toString().endsWith(".md")).sorted().toList()) {
                session.forget();
                for (ReplaySession.Outcome each : session.process(Files.readString(sample))) {
                    if (each.event() != null) {
                        List<DecisionRecorder.Decision> decisions =
                                recorder.of(each.eventOutcome()).decisions();
                        assertThat(decisions).as("%s", sample).isNotEmpty();
                        for (DecisionRecorder.Decision decision : decisions) {
                            matched += agrees(decision, each, sample);
                        }
                    }
                }
            }
        }
        assertThat(matched).isGreaterThan(80);
    }

    private static int agrees(DecisionRecorder.Decision decision, ReplaySession.Outcome outcome, Path sample) {
        int matched = 0;
        boolean over = false;
        for (DecisionRecorder.Question question : decision.questions()) {
            assertThat(question.answer() == DecisionRecorder.Answer.NOT_ASKED)
                    .as("%s of %s, by %s", question.pattern(), sample, decision.route())
                    .isEqualTo(over);
            if (question.pattern() != null && !over) {
                boolean matches = EventPattern.compile(question.pattern())
                        .matches(outcome.event().payload().json());
                assertThat(question.answer() == DecisionRecorder.Answer.YES)
                        .as("%s of %s", question.pattern(), sample)
                        .isEqualTo(matches);
                assertThat(question.mismatch() == null)
                        .as("%s of %s", question.pattern(), sample)
                        .isEqualTo(matches);
            }
            if (question.answer() == DecisionRecorder.Answer.YES) {
                over = true;
                matched++;
                question.leadsTo().stream()
                        .filter(step -> step.startsWith("direct:"))
                        .map(step -> step.substring("direct:".length()))
                        .filter(route -> !List.of("event", "branch", "alerts").contains(route))
                        .forEach(route ->
                                assertThat(outcome.routes()).as("%s", sample).contains(route));
            }
        }
        return matched;
    }
}

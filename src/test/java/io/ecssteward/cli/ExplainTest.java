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
    void everyRouteIsAsked() {
        CommandRun.Result result = CommandRun.run("explain", "samples/task-exited-with-error.json");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines().dropWhile(l -> !l.equals("Routes")).takeWhile(l -> !l.isEmpty()))
                .contains("""
                  no  spot-interruption: Redeploys the service once for all interrupted tasks, and alerts with the outcome
                      none of 2 alternatives is met:
                        (1) detail.stopCode is "EssentialContainerExited", expected one of "SpotInterruption", "TerminationNotice"
                        (2) detail.stoppedReason is "Essential container in task exited", expected prefix "Your Spot Task was interrupted"
                  no  notices: Posts the event as a notice
                      the pattern in except matches
                  no  alarms: Alerts about an alarm, or resolves that, unless it is suppressed or muted
                """.lines().toArray(String[]::new))
                .containsSubsequence(
                        "  yes stopped-tasks: Alerts with why a task stopped, which container failed, and what to look at first, unless it is routine",
                        "      goes to route stopped-tasks (classpath:routes/stopped-tasks.camel.yaml:6)");
    }

    @Test
    void whyARouteDoesNotGetWhatItsPatternMatches() {
        assertThat(explained("samples/task-spot-interrupted.json", "notices"))
                .isEqualTo("the pattern in except matches");
        assertThat(explained("samples/alarm-eventbridge-metric-firing.json", "notices"))
                .isEqualTo("this is the fallback, and another route takes the event");
    }

    private static String explained(String sample, String route) {
        return CommandRun.run("explain", sample)
                .out()
                .lines()
                .dropWhile(l -> !l.startsWith("  no  " + route + ":"))
                .skip(1)
                .findFirst()
                .orElse("")
                .strip();
    }

    @Test
    void itSaysWhatTheEventIsAndWhatIsClaimedAndWhatComesOfIt() {
        assertThat(CommandRun.run("explain", "samples/task-spot-interrupted-through-sns.json")
                        .out())
                .contains("  is        task-state-change\n")
                .contains("  cluster   prod\n")
                .contains("  service   web\n")
                .contains("  time      2026-11-16T09:14:05.221Z\n")
                .contains("  route     spot-interruption > redeploy > slack > show-incident\n")
                .contains("  redeploy/arn:aws:ecs:eu-west-1:111122223333:cluster/prod/web\n      a repeat within 2m is "
                        + "dropped as cooldown\n")
                .contains("  ecs      UpdateService "
                        + "{\"cluster\":\"prod\",\"service\":\"web\",\"forceNewDeployment\":true}\n")
                .contains("| A new deployment was started")
                .contains(" opened: service/111122223333/eu-west-1/prod/web\n")
                .contains(
                        "  ends     with a resolved alert of the key service/111122223333/eu-west-1/prod/web/spot, or of "
                                + "service/111122223333/eu-west-1/prod/web/*, or after 12h without news\n");
    }

    @Test
    void customRoutesAreAskedFirst() {
        System.setProperty(
                Settings.ROUTES.name(), "classpath:routes/*.camel.yaml,file:src/test/resources/operator/*.camel.yaml");
        try {
            String alarm = CommandRun.run("explain", "src/test/resources/operator/samples/checkout-errors-alarm.json")
                    .out();
            assertThat(alarm.lines()
                            .dropWhile(l -> !l.equals("Routes"))
                            .skip(1)
                            .takeWhile(l -> !l.isEmpty())
                            .limit(6))
                    .containsExactly("""
                      no  order-import: An order import failed
                          source is "aws.cloudwatch", expected "shop.orders"
                      yes redeploy-on-alarm: Redeploys checkout when its alarm goes off; the alert about the alarm is the built-in one
                          goes to route redeploy-on-alarm (file:src/test/resources/operator/redeploy-on-alarm.camel.yaml:5)
                      yes alarms: Alerts about an alarm, or resolves that, unless it is suppressed or muted
                          goes to route alarms (classpath:routes/alarms.camel.yaml:6)
                    """.lines().toArray(String[]::new));
            assertThat(alarm)
                    .contains("/checkout\n      a repeat within 30m is dropped as cooldown\n")
                    .contains("  ecs      UpdateService "
                            + "{\"cluster\":\"prod\",\"service\":\"checkout\",\"forceNewDeployment\":true}\n");

            assertThat(CommandRun.run("explain", "samples/custom-event.json").out())
                    .contains("  yes order-import: An order import failed\n      goes to route order-import (")
                    .contains("      this is the fallback, and another route takes the event\n");
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
                .contains("      goes to route agent-again (")
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
                .contains("it is not a JSON object, and a pattern matches nothing else")
                .contains("      goes to route notices (");
    }

    @Test
    void anEventComesByStdinToo() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(Path.of("samples/alarm-metric-firing.json"))));
        try {
            assertThat(CommandRun.run("explain", "-").out())
                    .contains("  is        alarm-state-change\n", "goes to route alarms (");
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
    void colorsAreForATerminal() {
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
        JsonNode routes = explained.path("decisions").get(0).path("questions");
        assertThat(explained.path("decisions")).hasSize(1);
        assertThat(routes)
                .allSatisfy(route -> assertThat(route.path("answer").asText()).isEqualTo("no"));
        assertThat(routes).anySatisfy(route -> {
            assertThat(route.path("pattern").at("/detail/$or/0/lastStatus/0").asText())
                    .isEqualTo("STOPPED");
            assertThat(route.path("clause").toString()).contains("EssentialContainerExited");
            assertThat(route.path("why").asText()).contains("detail.stopCode is \"UserInitiated\"");
        });
        assertThat(explained.path("claims")).isEmpty();
        assertThat(explained.path("skipped").get(0).path("reason").asText()).isEqualTo("ignored");
    }

    @Test
    void jsonHasWhereAPatternInARouteStands() throws IOException {
        JsonNode explained =
                JSON.readTree(CommandRun.run("explain", "--json", "samples/alarm-eventbridge-metric-firing.json")
                        .out());
        assertThat(explained.path("decisions")).hasSize(2);
        JsonNode suppressed = explained.path("decisions").get(1);
        assertThat(suppressed.path("route").asText()).isEqualTo("alarms");
        assertThat(suppressed.path("where").asText()).matches("classpath:routes/alarms.camel.yaml:\\d+");
        assertThat(suppressed.path("questions").get(0).path("answer").asText()).isEqualTo("no");
        assertThat(explained.path("claims").get(0).path("coolDown").asText()).isEqualTo("1h");
        assertThat(explained.path("claims").get(0).path("reason").asText()).isEqualTo("duplicate");
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
                                recorder.of(each).decisions();
                        assertThat(decisions).as("%s", sample).isNotEmpty();
                        for (DecisionRecorder.Decision decision : decisions) {
                            matched += agrees(decision, each, sample);
                        }
                    }
                }
            }
        }
        assertThat(matched).isGreaterThan(50);
    }

    private static int agrees(DecisionRecorder.Decision decision, ReplaySession.Outcome outcome, Path sample) {
        int matched = 0;
        for (DecisionRecorder.Branch question : decision.branches()) {
            if (question.pattern() != null && question.yes()) {
                assertThat(EventPattern.compile(question.pattern())
                                .matches(outcome.event().payload().json()))
                        .as("%s of %s", question.pattern(), sample)
                        .isTrue();
            }
            if (question.yes()) {
                matched++;
            }
            if (decision.route() == null) {
                assertThat(outcome.routes().contains(question.route()))
                        .as("%s by %s", sample, question.route())
                        .isEqualTo(question.yes());
            }
        }
        return matched;
    }
}

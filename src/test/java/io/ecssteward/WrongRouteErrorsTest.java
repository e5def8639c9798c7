package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ecssteward.cli.Main;
import io.ecssteward.testing.YamlRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads when a route is wrong. */
class WrongRouteErrorsTest {

    private static String said(String step) {
        try (YamlRoutes routes = new YamlRoutes()) {
            return Main.describe(catchThrowable(() -> routes.start("""
                    - route:
                        id: alerts
                        from:
                          uri: direct:alerts
                          steps:
                            - log:
                                message: hello
                    - route:
                        id: mine
                        from:
                          uri: direct:mine
                          steps:
                            - %s
                    """.formatted(step))));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: {uri: alert:x, parameters: {mention: '@oncall'}}|alert:x: mention is '@oncall'; set here, "
                        + "channel, everyone, or the id",
                "to: ecs-service:reboot|ecs-service: has no operation 'reboot'; there are redeploy, roll-back, plan, "
                        + "ensure-capacity, find-failovers, match-instances, check-agent, check-drain",
                "to: alert:x?severity=urgent|alert:x: severity is 'urgent'; set one of [critical, error, warning, "
                        + "info]",
                "to: {uri: alert:x, parameters: {titel: hello}}|alert:x has no parameter 'titel'; there are actions, "
                        + "channel, coolDown, ",
                "to: {uri: alert:x, parameters: {text: a (b), titel: hello, title: x}}|alert:x has no parameter "
                        + "'titel'; there are actions, ",
                "to: {uri: alert:x, parameters: {title: '${feild(detail.file)}'}}|alert:x: title: Unknown function: "
                        + "feild(detail.file)",
                "to: {uri: alert:x, parameters: {title: '${field()}'}}|alert:x: title: ${field()} names no field; "
                        + "write names joined by dots",
                "to: {uri: alert:x, parameters: {links: 'Runbook: wiki'}}|alert:x: links has 'wiki', which is not a URL; write one that begins with https://",
                "to: {uri: alert:x, parameters: {links: 'Runbook: https://wiki.example.com/a b'}}|alert:x: links has 'https://wiki.example.com/a b', which is",
                "to: {uri: alert:x, parameters: {links: 'Runbook'}}|alert:x: links has the line 'Runbook'; write a "
                        + "name, a colon and a value",
                "to: {uri: ecs-service:redeploy, parameters: {sevice: web}}|ecs-service:redeploy has no parameter "
                        + "'sevice'; there are calmTime, change, cluster, ",
                "to: {uri: ecs-service:redeploy, parameters: {coolDown: soon}}|ecs-service:redeploy: coolDown is "
                        + "'soon'; set a duration",
                "to: alert:x?coolDown=soon|alert:x: coolDown is 'soon'; set a duration: 90s, 10m, 1h",
                "filter: {language: {language: event-pattern, expression: '[]'}, steps: [{log: x}]}|compiling the "
                        + "event pattern: "
            })
    void aMistakeInARouteNamesTheRouteAndTheRemedy(String step, String remedy) {
        assertThat(said(step))
                .startsWith("ECS Steward cannot start:\n  - route mine")
                .contains(": " + remedy)
                .doesNotContain("Exception");
    }

    @Test
    void whatIsNoRoutesFaultIsJustSaid() {
        assertThat(Main.describe(
                        new IllegalStateException("outer", new IllegalArgumentException(" the port is taken\n"))))
                .isEqualTo("ECS Steward cannot start:\n  - the port is taken");
        assertThat(Main.describe(new NullPointerException()))
                .isEqualTo("ECS Steward cannot start:\n  - java.lang.NullPointerException");
    }
}

package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ecssteward.testing.YamlRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator reads when a route is wrong. */
class PlainWordsTest {

    private static String said(String step) {
        try (YamlRoutes routes = new YamlRoutes()) {
            return Main.inPlainWords(catchThrowable(() -> routes.start("""
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
    @CsvSource(delimiter = '|', value = {
        "to: ecs-service:reboot|ecs-service: has no operation 'reboot'; there are redeploy, match-instances, check-agent",
        "to: alert:x?severity=urgent|alert:x: severity is 'urgent'; set one of [critical, error, warning, info]",
        "to: alert:x?coolDown=soon|alert:x: coolDown is 'soon'; set a duration: 90s, 10m, 1h",
        "filter: {language: {language: event-pattern, expression: '[]'}, steps: [{log: x}]}|compiling the event pattern: "
    })
    void aMistakeInARouteNamesTheRouteAndTheRemedy(String step, String remedy) {
        assertThat(said(step))
                .startsWith("ECS Steward cannot start:\n  - route mine")
                .contains(": " + remedy)
                .doesNotContain("Exception");
    }

    @Test
    void whatIsNoRoutesFaultIsJustSaid() {
        assertThat(Main.inPlainWords(new IllegalStateException("outer", new IllegalArgumentException(" the port is taken\n"))))
                .isEqualTo("ECS Steward cannot start:\n  - the port is taken");
        assertThat(Main.inPlainWords(new NullPointerException())).isEqualTo("ECS Steward cannot start:\n  - java.lang.NullPointerException");
    }
}

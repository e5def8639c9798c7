package io.ecssteward.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.problem.Problem;
import io.ecssteward.runtime.RouteBuild;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteCheckTest {

    @TempDir
    private Path folder;

    private static List<Problem> problems(String routes) {
        return RouteBuild.check(Settings.of(Map.of(), Map.of(Settings.ROUTES.name(), routes)))
                .problems();
    }

    @Test
    void theBuiltInRoutesHaveNoProblem() {
        assertThat(problems("classpath:routes/*.camel.yaml")).isEmpty();
    }

    @Test
    void whatCamelRefusesIsAProblem() throws IOException {
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - setBody:
                            expression:
                              simple:
                                expression: ${nothing}
                """);
        assertThat(problems("file:" + folder + "/*.camel.yaml"))
                .singleElement()
                .asString()
                .startsWith(folder + "/mine.camel.yaml:9:29: there is no ${nothing} in Camel's simple language");
    }

    @Test
    void inAHurryTheSameIsFound() throws IOException {
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: direct:mine
                      steps:
                        - setBody:
                            expression:
                              jsonpath:
                                expression: $.detail
                """);
        Settings settings = Settings.of(Map.of(), Map.of(Settings.ROUTES.name(), "file:" + folder + "/*.camel.yaml"));

        assertThat(RouteBuild.checkInParallel(settings))
                .isEqualTo(RouteBuild.check(settings))
                .satisfies(check -> assertThat(check.problems())
                        .singleElement()
                        .asString()
                        .contains("No language could be found for: jsonpath"));
    }

    @Test
    void whereAFileCannotBeReadNothingIsSaidToBeMissing() throws IOException {
        Files.write(folder.resolve("beans.camel.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Files.writeString(folder.resolve("mine.camel.yaml"), """
                - route:
                    id: mine
                    routeConfigurationId: retries
                    from:
                      uri: direct:mine
                      steps:
                        - bean:
                            ref: outcomes
                            method: skip(${exchange}, 'stale')
                        - to:
                            uri: direct:elsewhere
                """);
        assertThat(problems("file:" + folder + "/*.camel.yaml"))
                .singleElement()
                .asString()
                .startsWith(folder + "/beans.camel.yaml: ")
                .contains("cannot be read");
    }

    @Test
    void anotherKindOfPlaceIsAProblem() {
        assertThat(problems("/etc/steward")).singleElement().asString().contains("/etc/steward", "write file:FOLDER");
    }
}

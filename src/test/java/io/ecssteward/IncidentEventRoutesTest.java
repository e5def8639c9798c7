package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.FakeSlack;
import io.ecssteward.testing.RunningSteward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to incidents, as events that custom routes can have. */
class IncidentEventRoutesTest {

    @TempDir
    private Path folder;

    private RunningSteward steward;

    @BeforeEach
    void prepare() {
        steward = RunningSteward.create()
                .with("steward.routes", "classpath:routes/*.camel.yaml,file:" + folder + "/*.camel.yaml");
    }

    @AfterEach
    void stop() {
        steward.close();
    }

    private void happens(String sample) throws IOException {
        try (ProducerTemplate template = steward.camel().createProducerTemplate()) {
            template.sendBody("direct:incident-event", RunningSteward.sample(sample));
        }
        steward.awaitDone();
    }

    @Test
    void aRouteThatWantsThemHasThemOnceEach() throws IOException {
        Files.writeString(folder.resolve("opened.camel.yaml"), """
                - route:
                    id: opened
                    from:
                      uri: event:opened
                      parameters:
                        pattern: |
                          {"source": ["ecs-steward"], "detail-type": ["Incident Opened"], "detail": {"cluster": ["prod"]}}
                      steps:
                        - to:
                            uri: alert:opened
                            parameters:
                              title: "${body.service}: ${field(detail.alerts.0.title)}"
                """);
        steward.start();
        happens("incident-opened");
        happens("incident-opened");
        happens("incident-resolved");

        assertThat(steward.slack.posts())
                .extracting(FakeSlack.Post::text)
                .containsExactly("web: prod/web: a deployment failed");
        assertThat(steward.over())
                .as("the one that no route wants was not sent")
                .hasSize(2);
        assertThat(steward.over().get(1).skipped()).containsExactly("duplicate");
    }

    private void tellsOfOpened(String parameters) throws IOException {
        Files.writeString(folder.resolve("told.camel.yaml"), """
                - route:
                    id: told
                    from:
                      uri: event:told
                      parameters:
                        pattern: |
                          {"source": ["ecs-steward"], "detail-type": ["Incident Opened", "Incident Resolved"]}
                      steps:
                        - to:
                            uri: alert:told
                            parameters:
                              channel: "#told"
                %s
                """.formatted(parameters.indent(14)));
    }

    @Test
    void anIncidentIsAnEventForTheRoutesThatWantIt() throws IOException {
        tellsOfOpened("mention: here");
        steward.start();
        steward.sendSample("service-start-impaired");
        RunningSteward.await(() -> steward.over().size() == 2);
        steward.awaitDone();

        assertThat(steward.over()).anyMatch(over -> over.event().type().equals("incident-event"));
        assertThat(steward.slack.posts())
                .extracting(FakeSlack.Post::text)
                .anyMatch(text -> text.contains("Incident Opened: "));
    }

    @Test
    void anAlertAboutAnIncidentOpensNone() throws IOException {
        tellsOfOpened("state: firing");
        steward.start();
        happens("incident-opened");

        assertThat(steward.over()).hasSize(1);
        assertThat(steward.slack.posts()).hasSize(1);
    }

    @Test
    void withoutSuchARouteNothingIsSent() throws IOException {
        steward.start();
        happens("incident-opened");

        assertThat(steward.over()).isEmpty();
        assertThat(steward.sqsRequests.all()).noneMatch(r -> r.toString().contains("SendMessage"));
    }

    @Test
    void theyAreNoNotices() {
        steward.start();
        steward.sendSample("incident-opened");
        steward.awaitDone();

        assertThat(steward.slack.posts()).isEmpty();
        assertThat(steward.over())
                .singleElement()
                .satisfies(o -> assertThat(o.skipped()).containsExactly("ignored"));
    }
}

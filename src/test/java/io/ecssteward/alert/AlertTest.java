package io.ecssteward.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.ecssteward.alerting.ChannelRouting;
import io.ecssteward.event.Event;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.testing.Events;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertTest {

    private final List<Alert> raised = new CopyOnWriteArrayList<>();
    private Processor target = e -> raised.add(e.getMessage().getBody(Alert.class));
    private final YamlRoutes routes = new YamlRoutes().bind("raised", (Processor) e -> target.process(e));
    private final Event interrupted = Events.spot("service:web", "2026-11-20T10:00:00Z");

    private static final String TARGET = """
            - route:
                id: alerts
                from:
                  uri: direct:alerts
                  steps:
                    - process:
                        ref: raised
            """;

    @AfterEach
    void stop() {
        routes.close();
    }

    /** Starts a route with one alert step; each parameter is one line of YAML. */
    private void start(String... parameters) throws Exception {
        String step = parameters.length == 0
                ? ""
                : "\n            parameters:\n              "
                        + String.join("\n", parameters).replace("\n", "\n              ");
        routes.start(TARGET + """
                - route:
                    id: example
                    from:
                      uri: direct:example
                      steps:
                        - to:
                            uri: alert:order-stuck""" + step + "\n");
    }

    private Exchange send(Object body) {
        return routes.send("direct:example", body);
    }

    private Alert alert(String... parameters) throws Exception {
        start(parameters);
        assertThat(send(interrupted).getException()).isNull();
        assertThat(raised).hasSize(1);
        return raised.get(0);
    }

    @Test
    void theShortestAlertSaysWhatTheEventsRecordKnows() throws Exception {
        assertThat(alert().change().origin(null).time(null).build()).isEqualTo(interrupted.alert());
    }

    @Test
    void anAlertKnowsWhichEventLedToItAndWhenThatHappened() throws Exception {
        Alert alert = alert();
        assertThat(alert.origin()).isEqualTo(interrupted.identity());
        assertThat(alert.time()).isEqualTo("2026-11-20T10:00:00Z");
    }

    @Test
    void theTimeIsUnknownWhereTheEventDoesNotSay() throws Exception {
        start();
        send(Events.read("the disk is full"));
        assertThat(raised).singleElement().satisfies(alert -> {
            assertThat(alert.origin()).isNotBlank();
            assertThat(alert.time()).isNull();
        });
    }

    @Test
    void everyParameterOverridesTheRecord() throws Exception {
        Alert alert = alert(
                "channel: \"#web-team\"",
                "severity: critical",
                "state: info",
                "title: \"${body.cluster}/${body.service} loses ${body.field('detail.stopCode')}\"",
                "text: See the runbook",
                "key: spot-${body.service}",
                "coolDown: 90s",
                "fields: \"Status: ${body.field('detail.lastStatus')}\"",
                "links: \"Runbook: https://wiki.example.com/${body.service}\"");

        assertThat(alert.channel()).isEqualTo("#web-team");
        assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(alert.state()).isEqualTo(Alert.State.INFO);
        assertThat(alert.title()).isEqualTo("prod/web loses SpotInterruption");
        assertThat(alert.text()).isEqualTo("See the runbook");
        assertThat(alert.key()).isEqualTo("spot-web");
        assertThat(alert.coolDown()).isEqualTo(Duration.ofSeconds(90));
        assertThat(alert.fields()).containsExactly(new Field("Status", "RUNNING"));
        assertThat(alert.links()).hasSize(3).last().isEqualTo(new Link("Runbook", "https://wiki.example.com/web"));
    }

    @Test
    void aParameterThatComesToNothingLeavesWhatTheRecordSays() throws Exception {
        Alert alert = alert("title: ${body.field('detail.nothing')}", "channel: ${body.field('detail.nothing')}");

        assertThat(alert.title()).isEqualTo(interrupted.alert().title());
        assertThat(alert.channel()).isNull();
    }

    @Test
    void fieldsAndLinksAreOneALine() throws Exception {
        Alert alert = alert("""
                fields: |
                  Stop code: ${body.field('detail.stopCode')}

                  Absent: ${body.field('detail.absent')}
                  Time: 10:00:00
                links: |
                  Logs: https://logs.example.com/search?q=a+b&cluster=${body.cluster}&from=10%3A00#top
                  Wiki: https://wiki.example.com/Spot_(Fargate)""");

        assertThat(alert.fields())
                .containsExactly(new Field("Stop code", "SpotInterruption"), new Field("Time", "10:00:00"));
        assertThat(alert.links().subList(2, 4))
                .containsExactly(
                        new Link("Logs", "https://logs.example.com/search?q=a+b&cluster=prod&from=10%3A00#top"),
                        new Link("Wiki", "https://wiki.example.com/Spot_(Fargate)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "50% of 100%25 is 50%",
                "a+b & c=d? e/f#g;h",
                "(in brackets)",
                "(see wiki)&more=1",
                "two\nlines",
                "  indented\n    more\n\nend",
                "ends with (this)",
                "opens ( and never closes",
                "closes ) and } and &x={y}",
                "both )& and }& in one",
                "its \"quotes\" and 'quotes' and `ticks`",
                "#5 of 7",
                "#ops",
                "?title=x&severity=info",
                "Größe, 東京, 😀",
                "back\\slash",
                "true",
                "12"
            })
    void anyTextCanBeWritten(String text) throws Exception {
        String yaml = TextNode.valueOf(text).toString();
        Alert alert = alert("text: " + yaml, "key: " + yaml);

        assertThat(alert.text()).isEqualTo(text);
        assertThat(alert.key()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#ops", "ops", "@somebody", "C024BE91L"})
    void channelsAreWrittenAsInSlack(String channel) throws Exception {
        assertThat(alert("channel: '" + channel + "'").channel()).isEqualTo(channel);
    }

    @Test
    void valuesOfTheEventAreNotReadAsExpressionsOrParameters() throws Exception {
        start("title: ${body.field('detail.name')}", "fields: \"Name: ${body.field('detail.name')}\"");
        String name = "${body} )&severity=critical {{x}} <!channel> 100%";
        send(Events.read("{\"source\": \"shop\", \"detail-type\": \"Order\", \"id\": \"1\", \"detail\": {\"name\": \""
                + name + "\"}}"));

        assertThat(raised).singleElement().satisfies(a -> {
            assertThat(a.title()).isEqualTo(name);
            assertThat(a.fields()).containsExactly(new Field("Name", name));
            assertThat(a.severity()).isNotEqualTo(Severity.CRITICAL);
        });
    }

    @Test
    void placeholdersAreReplacedBySettings() throws Exception {
        routes.camel().getPropertiesComponent().addOverrideProperty("runbooks", "https://wiki.example.com?a=1&b=2");

        assertThat(alert("links: \"Runbook: {{runbooks}}\"").links())
                .last()
                .isEqualTo(new Link("Runbook", "https://wiki.example.com?a=1&b=2"));
    }

    @Test
    void bodyAndHeadersStayAsTheyWere() throws Exception {
        start("severity: info");

        Exchange after = routes.camel().createProducerTemplate().request("direct:example", e -> {
            e.getMessage().setBody(interrupted);
            e.getMessage().setHeader("mine", 1);
        });

        assertThat(after.getMessage().getBody()).isSameAs(interrupted);
        assertThat(after.getMessage().getHeaders()).isEqualTo(Map.of("mine", 1));
    }

    @Test
    void theTargetSeesTheAlertAndTheEventsFateButNoHeaders() throws Exception {
        Exchange[] seen = new Exchange[1];
        target = e -> seen[0] = e.copy();
        start();

        Exchange after = routes.camel().createProducerTemplate().request("direct:example", e -> {
            e.getMessage().setBody(interrupted);
            e.getMessage().setHeader("mine", 1);
            EventOutcome.begin(e);
        });

        assertThat(seen[0].getMessage().getHeaders()).isEmpty();
        assertThat(EventOutcome.of(seen[0])).isSameAs(EventOutcome.of(after));
    }

    @Test
    void theStepFailsWhenTheAlertFails() throws Exception {
        target = e -> {
            throw new TransientFailureException("Slack is down");
        };
        start();

        assertThat(send(interrupted).getException())
                .isInstanceOf(TransientFailureException.class)
                .hasMessage("Slack is down");
    }

    @Test
    void aBodyThatIsNoEventFailsForGood() throws Exception {
        start();

        assertThat(send("text").getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage("alert:order-stuck: the body is not an event; send alerts before you change the body");
    }

    @Test
    void aStaleEventRaisesNone() throws Exception {
        LatestVersions versions = new LatestVersions();
        versions.record(Events.instance("a", true, 7));
        routes.bind("versions", versions);
        start();

        Exchange stale = send(Events.instance("a", false, 6));

        assertThat(stale.getException()).isNull();
        assertThat(raised).isEmpty();
        assertThat(EventOutcome.of(stale)).hasToString("stale (alert/order-stuck)");
        send(Events.instance("a", false, 7));
        assertThat(raised).hasSize(1);
    }

    @Test
    void settingsChooseTheChannelWhereTheStepNamesNone() throws Exception {
        routes.bind("channels", new ChannelRouting("#all", "service:prod/web=#web"));
        start();

        send(interrupted);
        send(Events.spot("service:shop", "2026-11-20T10:00:00Z"));

        assertThat(raised).extracting(Alert::channel).containsExactly("#web", "#all");
    }

    @Test
    void theStepsChannelWinsOverTheSettings() throws Exception {
        routes.bind("channels", new ChannelRouting("#all", "service:prod/web=#web"));

        assertThat(alert("channel: '#mine'").channel()).isEqualTo("#mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "color: red|color",
                "severity: urgent|alert:order-stuck: severity is 'urgent'; set one of [critical, error, warning, info]",
                "state: over|alert:order-stuck: state is 'over'; set one of [firing, resolved, info]",
                "coolDown: soon|alert:order-stuck: coolDown is 'soon'; set a duration: 90s, 10m, 1h",
                "fields: just text|alert:order-stuck: fields has the line 'just text'; write a name, a colon and a "
                        + "value",
                "links: ': no label'|alert:order-stuck: links has the line ': no label'; write a name, a colon and a "
                        + "value",
                "title: ${body.field('x'|alert:order-stuck: title: expected symbol functionEnd but was eol at "
                        + "location 15"
            })
    void aMistakeStopsTheStartAndSaysWhatToWrite(String parameter, String said) {
        assertThatThrownBy(() -> start(parameter)).rootCause().message().contains(said);
    }

    @Test
    void aMistakeNamesTheRoute() {
        assertThatThrownBy(() -> start("severity: urgent")).hasMessageContaining("route: example");
    }

    @Test
    void aSeverityThatAnExpressionGetsWrongFailsForGood() throws Exception {
        start("severity: ${body.field('detail.stopCode')}");

        assertThat(send(interrupted).getException())
                .isInstanceOf(PermanentFailureException.class)
                .hasMessage("alert:order-stuck: severity is 'SpotInterruption'; set one of [critical, error, warning, "
                        + "info]");
    }

    @Test
    void whoIsToLookUpIsMentionedUnlessItIsOver() throws Exception {
        assertThat(alert("mention: '<!here>, U012AB3CD <!subteam^SAZ94GDB8>'").mention())
                .isEqualTo("here U012AB3CD SAZ94GDB8");
    }

    @Test
    void nobodyLooksUpWhenItIsOver() throws Exception {
        assertThat(alert("mention: here", "state: resolved").mention()).isNull();
    }
}

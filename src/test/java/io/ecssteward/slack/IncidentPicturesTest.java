package io.ecssteward.slack;

import static io.ecssteward.slack.SampleIncident.OPENED;
import static io.ecssteward.slack.SampleIncident.PLACEMENT;
import static io.ecssteward.slack.SampleIncident.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Severity;
import io.ecssteward.incident.Incident;
import io.ecssteward.incident.IncidentRules;
import io.ecssteward.incident.Step;
import io.ecssteward.incident.StoryLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pictures of the documentation are drawn from what Slack really gets. After a change of how incidents look:
 *
 * <pre>
 * mvn test -Dtest=IncidentPicturesTest -Dpictures.update=true
 * </pre>
 */
class IncidentPicturesTest {
    private static final Path PICTURES = Path.of("docs/pictures");
    private static final IncidentRules RULES = IncidentRules.DEFAULT;
    private static final String SERVICE = "service/111122223333/eu-west-1/prod/web";

    enum Picture {
        OPENS {
            @Override
            Incident incident() {
                return opened();
            }
        },
        ACKNOWLEDGED {
            @Override
            Incident incident() {
                return acknowledged();
            }
        },
        RESOLVED {
            @Override
            Incident incident() {
                return acknowledged().apply(resolved(SERVICE + "/*", 36), at(36), RULES);
            }
        },
        FLAPPING {
            @Override
            Incident incident() {
                Alert alarm = Alert.about("alarm/web-latency")
                        .incident(SERVICE)
                        .channel("#ops")
                        .severity(Severity.ERROR)
                        .title("ALARM: web-latency")
                        .text("p99 latency of prod/web is over two seconds.")
                        .field("Cluster", "prod")
                        .field("Service", "web")
                        .link("View alarm", "https://console.aws.amazon.com/cloudwatch/home#alarmsV2:alarm/web-latency")
                        .build();
                Incident incident = Incident.of(fires(alarm, 0), at(0), RULES);
                for (int minute : List.of(5, 10)) {
                    incident = incident.apply(resolved(alarm.key(), minute), at(minute), RULES)
                            .apply(fires(alarm, minute + 3), at(minute + 3), RULES);
                }
                return incident;
            }
        };

        abstract Incident incident();

        Path file() {
            return PICTURES.resolve("incident-" + name().toLowerCase(java.util.Locale.ROOT) + ".svg");
        }

        String drawn() {
            Incident incident = incident();
            List<JsonNode> replies = new ArrayList<>();
            for (StoryLine line : incident.story()) {
                boolean told = this == RESOLVED && line.kind() != StoryLine.Kind.OPENED;
                if (told) {
                    replies.add(IncidentMessage.of(new Step.Reply(incident, List.of(line), false, 1), true, List.of()));
                }
            }
            return BlockKitSvg.draw(IncidentMessage.of(new Step.Edit(incident), true, List.of()), OPENED, replies);
        }
    }

    private static Instant at(int minute) {
        return OPENED.plusSeconds(60L * minute);
    }

    private static Alert fires(Alert alert, int minute) {
        return alert.change().incident(SERVICE).channel("#ops").time(at(minute)).build();
    }

    private static Alert resolved(String key, int minute) {
        return fires(
                Alert.about(key)
                        .state(Alert.State.RESOLVED)
                        .title("prod/web is back to normal")
                        .build(),
                minute);
    }

    private static Incident opened() {
        return Incident.of(fires(PLACEMENT.change().mention("here").build(), 0), at(0), RULES);
    }

    private static Incident acknowledged() {
        return opened().apply(fires(STOPPED, 4), at(4), RULES)
                .apply(fires(PLACEMENT, 10), at(10), RULES)
                .acknowledge("Ada", at(12));
    }

    @ParameterizedTest
    @EnumSource(Picture.class)
    void aPictureShowsWhatSlackGets(Picture picture) throws IOException {
        if (Boolean.getBoolean("pictures.update")) {
            Files.createDirectories(PICTURES);
            Files.writeString(picture.file(), picture.drawn());
        }
        assertThat(picture.file())
                .as("draw it anew with -Dpictures.update=true")
                .hasContent(picture.drawn());
    }
}

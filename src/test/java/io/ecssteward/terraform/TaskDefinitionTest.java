package io.ecssteward.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the module says again, because ECS and EventBridge must be told: it stands in the Dockerfile, the settings and
 * the samples too.
 */
class TaskDefinitionTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static String found(String text, String pattern) {
        Matcher matcher =
                Pattern.compile(pattern, Pattern.MULTILINE | Pattern.DOTALL).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static String dockerfile() throws IOException {
        return Files.readString(Path.of("Dockerfile")).replace("\\\n", "");
    }

    private static String defaultOf(String variable) {
        return Module.blocks("variable").stream()
                .filter(v -> v.name().equals(variable))
                .findFirst()
                .orElseThrow()
                .text("default");
    }

    @Test
    void theHealthCheckIsTheImages() throws IOException {
        JsonNode image = JSON.readTree(found(dockerfile(), "^HEALTHCHECK .*?CMD (\\[.*?\\])$"));
        String written = found(Module.read("service.tf"), "health_check_command = .*? : (\\[\\s+\"CMD\".*?\\])$");
        JsonNode task = JSON.readTree(written.replaceAll(",\\s*\\]$", "]"));
        assertThat(task.get(0).textValue()).isEqualTo("CMD");
        assertThat(task).hasSize(image.size() + 1);
        for (int i = 0; i < image.size(); i++) {
            assertThat(task.get(i + 1)).isEqualTo(image.get(i));
        }
        assertThat(JSON.readTree(found(Files.readString(Path.of("docs/container.md")), "`(\\[\"CMD\",.*?\\])`")))
                .isEqualTo(task);
        assertThat(defaultOf("health_check_start_period") + "s")
                .isEqualTo(found(dockerfile(), "--start-period=(\\w+)"));
    }

    @Test
    void theUserAndThePortAreTheImages() throws IOException {
        assertThat(defaultOf("user")).isEqualTo(found(dockerfile(), "^USER (\\S+)$"));
        assertThat(defaultOf("management_port")).isEqualTo(found(dockerfile(), "^EXPOSE (\\d+)$"));
        assertThat(defaultOf("management_port")).isEqualTo(Settings.PORT.defaultValue());
    }

    /**
     * As EventBridge fills it in:
     * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
     */
    @Test
    void theHeartbeatIsTheSample() throws IOException {
        String template =
                JSON.readValue(found(Module.read("heartbeat.tf"), "input_template = (\".*?\")$"), String.class);
        assertThat(JSON.readTree(template.replace("<time>", "\"2026-11-17T10:00:00Z\"")))
                .isEqualTo(JSON.readTree(
                        Path.of("samples/heartbeat-each-minute.json").toFile()));
    }
}

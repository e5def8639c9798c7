package io.ecssteward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The manifest that people paste into Slack: Slack takes it, and the app can do what the code asks of it, and no more.
 */
class SlackAppManifestTest {

    private static final Path MANIFEST = Path.of("docs/slack-app-manifest.yaml");
    private static final Pattern METHOD =
            Pattern.compile("\"((?:admin|apps|auth|bots|chat|conversations|files|im|pins|reactions|team|usergroups"
                    + "|users|views)(?:\\.[a-z][A-Za-z]+)+)\"");

    /**
     * What a bot token needs for each method that the code names, in public and in private channels.
     *
     * @see <a href="https://docs.slack.dev/reference/methods">the page of each method: required scopes</a>
     */
    private static final Map<String, Set<String>> SCOPES = Map.of(
            "auth.test", Set.of(),
            "chat.postMessage", Set.of("chat:write"),
            "chat.update", Set.of("chat:write"),
            "conversations.history", Set.of("channels:history", "groups:history"),
            "conversations.replies", Set.of("channels:history", "groups:history"),
            "conversations.list", Set.of("channels:read", "groups:read"),
            "usergroups.users.list", Set.of("usergroups:read"),
            "files.getUploadURLExternal", Set.of("files:write"),
            "files.completeUploadExternal", Set.of("files:write"));

    /** Methods of the app-level token, whose scope is chosen where that is generated. */
    private static final Set<String> OF_THE_APP = Set.of("apps.connections.open");

    private static JsonNode manifest() throws IOException {
        return new ObjectMapper(new YAMLFactory()).readTree(Files.readString(MANIFEST));
    }

    private static Set<String> methods() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> METHOD.matcher(read(file)).results().map(found -> found.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void slackTakesIt() throws IOException {
        try (InputStream schema = getClass().getResourceAsStream("/slack-app-manifest.schema.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                            .getSchema(schema)
                            .validate(manifest()))
                    .isEmpty();
        }
    }

    @Test
    void itsScopesAreThoseOfTheMethodsThatTheCodeCalls() throws IOException {
        Set<String> methods = methods();
        methods.removeAll(OF_THE_APP);
        assertThat(SCOPES.keySet()).as("methods whose scopes are known").containsAll(methods);
        Set<String> needed = methods.stream()
                .flatMap(method -> SCOPES.get(method).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        // For the slash command.
        needed.add("commands");
        assertThat(manifest().at("/oauth_config/scopes/bot"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(needed);
    }

    /** Buttons and the slash command come over the socket, so no URL of ours is anywhere. */
    @Test
    void nothingIsSentToAUrl() throws IOException {
        assertThat(manifest().at("/settings/socket_mode_enabled").asBoolean()).isTrue();
        assertThat(manifest().at("/settings/interactivity/is_enabled").asBoolean())
                .isTrue();
        assertThat(manifest().findValues("url")).isEmpty();
        assertThat(manifest().findValues("request_url")).isEmpty();
    }

    @Test
    void thePageSaysWhatEachScopeIsFor() throws IOException {
        String page = Files.readString(Path.of("docs/slack-app.md"));
        assertThat(manifest().at("/oauth_config/scopes/bot"))
                .allSatisfy(scope -> assertThat(page).contains("| `" + scope.asText() + "` |"));
    }
}

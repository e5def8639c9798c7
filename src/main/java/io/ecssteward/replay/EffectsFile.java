package io.ecssteward.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes the files of {@link ExpectedEffects} that {@code test} compares with. */
public final class EffectsFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EffectsFile() {}

    /**
     * Reads the expected effects.
     *
     * @throws IOException if the file is not JSON; the message names the location
     */
    public static JsonNode read(Path file) throws IOException {
        return withoutEmpty(JSON.readTree(Files.readString(file)));
    }

    /** A file written by hand may have empty lists. */
    private static JsonNode withoutEmpty(JsonNode expected) {
        if (expected.isArray()) {
            expected.forEach(EffectsFile::withoutEmpty);
        } else if (expected instanceof ObjectNode object) {
            object.properties()
                    .removeIf(
                            each -> each.getValue().isArray() && each.getValue().isEmpty());
            object.path("then").forEach(EffectsFile::withoutEmpty);
        }
        return expected;
    }

    /** The content of the file: one value per line, so that each difference is one line. */
    public static String write(JsonNode effects) throws JsonProcessingException {
        DefaultPrettyPrinter pretty = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        pretty.indentArraysWith(lines);
        pretty.indentObjectsWith(lines);
        return JSON.writer(pretty).writeValueAsString(effects) + "\n";
    }
}

package io.ecssteward.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alerting.AlertEndpoint;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.interactivity.SlackActionEndpoint;
import io.ecssteward.interactivity.SlackAnswerEndpoint;
import io.ecssteward.outcome.SkipReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/**
 * The JSON Schema of route files, for editors: Camel's own schema for its YAML, extended by the parameters of our
 * components as their endpoints declare them, so that editors complete and check these, too.
 *
 * @see <a href="https://camel.apache.org/components/4.18.x/others/yaml-dsl.html">Camel's YAML DSL, with its schema</a>
 */
public final class EditorSchema {
    private EditorSchema() {}

    private static final String CAMELS = "/schema/camelYamlDsl.json";
    private static final String DEFINITION = "org.apache.camel.model.";
    private static final String PROPERTIES = "properties";
    private static final String STRING = "string";

    private static final List<Class<? extends Endpoint>> SENT_TO =
            List.of(AlertEndpoint.class, EcsServiceEndpoint.class, SlackAnswerEndpoint.class);
    private static final List<Class<? extends Endpoint>> BEGUN_WITH =
            List.of(EventEndpoint.class, SlackActionEndpoint.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The schema as JSON, in draft 7, which has conditions and is supported by editors. */
    public static ObjectNode write() {
        ObjectNode schema = camels();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Routes of ECS Steward");
        ObjectNode definitions = (ObjectNode) schema.at("/items/definitions");
        endpoints(object(definitions.path(DEFINITION + "ToDefinition")), SENT_TO);
        endpoints(definitions.path(DEFINITION + "FromDefinition"), BEGUN_WITH);
        offer(
                definitions.at("/" + DEFINITION + "language.LanguageExpression").path(PROPERTIES),
                "language",
                Stream.of("event-pattern"));
        offer(
                object(definitions.path(DEFINITION + "BeanDefinition")).path(PROPERTIES),
                "method",
                Arrays.stream(SkipReason.values()).map(reason -> "skip(${exchange}, '" + reason + "')"));
        return schema;
    }

    private static ObjectNode camels() {
        try (InputStream in = EditorSchema.class.getResourceAsStream(CAMELS)) {
            return (ObjectNode) JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The long form of a step that also has a short form. */
    private static JsonNode object(JsonNode definition) {
        for (JsonNode form : definition.path("oneOf")) {
            if (form.path("type").asText().equals("object")) {
                return form;
            }
        }
        return definition;
    }

    /** Adds the parameters of our endpoints; like Camel's schema, it does not restrict those of others. */
    private static void endpoints(JsonNode step, List<Class<? extends Endpoint>> endpoints) {
        ArrayNode conditions = ((ObjectNode) step).putArray("allOf");
        for (Class<? extends Endpoint> endpoint : endpoints) {
            ObjectNode condition = conditions.addObject();
            ObjectNode where = condition.putObject("if");
            where.putArray("required").add("uri");
            where.putObject(PROPERTIES).putObject("uri").put("pattern", "^" + scheme(endpoint) + ":");
            condition.putObject("then").putObject(PROPERTIES).set("parameters", parameters(endpoint));
        }
        offer(step.path(PROPERTIES), "uri", endpoints.stream().flatMap(EditorSchema::uris));
    }

    private static ObjectNode parameters(Class<? extends Endpoint> endpoint) {
        ObjectNode parameters = JSON.createObjectNode();
        parameters.put("type", "object");
        parameters.put("additionalProperties", false);
        ObjectNode each = parameters.putObject(PROPERTIES);
        fields(endpoint).forEach((name, field) -> {
            UriParam param = field.getAnnotation(UriParam.class);
            if (param != null && !param.label().equals("producer")) {
                ObjectNode described = each.putObject(name);
                described.put("description", param.description());
                if (param.enums().isEmpty()) {
                    described.putArray("type").add(STRING).add("number").add("boolean");
                } else {
                    ArrayNode words = described.putArray("enum");
                    Arrays.stream(param.enums().split(",")).map(String::strip).forEach(words::add);
                }
            }
        });
        return parameters;
    }

    /** The URIs to suggest: with a word from a list after the colon, or with a placeholder for a name. */
    private static Stream<String> uris(Class<? extends Endpoint> endpoint) {
        return fields(endpoint).values().stream()
                .filter(field -> field.isAnnotationPresent(UriPath.class))
                .flatMap(field -> field.getType().isEnum()
                        ? Arrays.stream(field.getType().getEnumConstants())
                        : Stream.of("NAME"))
                .map(word -> scheme(endpoint) + ":" + word);
    }

    private static Map<String, Field> fields(Class<? extends Endpoint> endpoint) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Field field : endpoint.getDeclaredFields()) {
            fields.put(field.getName(), field);
        }
        return fields;
    }

    private static String scheme(Class<? extends Endpoint> endpoint) {
        return endpoint.getAnnotation(UriEndpoint.class).scheme();
    }

    /** Makes editors suggest these values without rejecting others. */
    private static void offer(JsonNode properties, String name, Stream<String> values) {
        ObjectNode property = (ObjectNode) properties.path(name);
        ArrayNode either = property.putArray("anyOf");
        ArrayNode offered = either.addObject().put("type", STRING).putArray("enum");
        values.forEach(offered::add);
        either.addObject().put("type", STRING);
    }
}

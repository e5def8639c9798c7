package io.ecssteward.check;

import io.ecssteward.alerting.ChannelRouting;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.metrics.Metrics;
import io.ecssteward.problem.Problem;
import io.ecssteward.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.nodes.Node;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The state that the rules of one check share: files, beans, settings and problems.
 *
 * @param camel looks up languages and components; never started
 * @param complete whether every file could be read; if not, nothing is reported as missing
 * @param beans all beans with their classes; {@link Object} if the class is unknown
 */
record RouteContext(
        Settings settings,
        CamelContext camel,
        boolean complete,
        Map<String, Class<?>> beans,
        List<Problem> problems,
        List<Problem> warnings) {

    private static final Pattern SETTING = Pattern.compile("\\{\\{\\??(steward\\.[\\w.-]+)(:[^}]*)?}}");

    /** The beans that are bound before the routes are read. */
    private static final Map<String, Class<?>> BOUND = Map.of(
            "ecsClient", EcsClient.class,
            "sqsClient", SqsClient.class,
            "snsClient", SnsClient.class,
            "claimStore", ClaimStore.class,
            "versions", LatestVersions.class,
            "channels", ChannelRouting.class,
            "metrics", Metrics.class);

    /** The bound beans, and those that the files define. */
    static Map<String, Class<?>> beans(List<YamlFile> files) {
        Map<String, Class<?>> beans = new TreeMap<>(BOUND);
        for (YamlFile file : files) {
            for (Node item : YamlFile.items(file.root())) {
                for (Node bean : YamlFile.items(YamlFile.get(item, "beans"))) {
                    String name = YamlFile.text(YamlFile.get(bean, "name"));
                    if (name != null) {
                        Class<?> type = BeanDefinitionRule.type(bean);
                        beans.put(name, type == null ? Object.class : type);
                    }
                }
            }
        }
        return beans;
    }

    void problem(Position place, Node node, String what) {
        problems.add(place.file().problem(node, what));
    }

    /** A problem within a text. */
    void problem(Position place, Node node, int offset, String what) {
        problems.add(place.file().problem(node, offset, what));
    }

    void warning(Position place, Node node, String what) {
        warnings.add(place.file().problem(node, what));
    }

    /** A warning within a text. */
    void warning(Position place, Node node, int offset, String what) {
        warnings.add(place.file().problem(node, offset, what));
    }

    /** The placeholders of settings in a text: group 1 is the setting, group 2 a default value with its colon. */
    static Matcher placeholders(String text) {
        return SETTING.matcher(text);
    }

    /** The text with placeholders replaced by the values of the settings. */
    String resolved(String text) {
        return placeholders(text).replaceAll(found -> {
            String otherwise =
                    found.group(2) == null ? found.group() : found.group(2).substring(1);
            return Matcher.quoteReplacement(settings.placeholders().getOrDefault(found.group(1), otherwise));
        });
    }

    /** The class of this name; null if there is none. */
    static Class<?> type(String name) {
        try {
            return Class.forName(name, false, RouteContext.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    /** Whether Camel has a component or a language of this name. */
    static boolean camelProvides(String kind, String name) {
        return RouteContext.class.getResource("/META-INF/services/org/apache/camel/" + kind + "/" + name) != null;
    }
}

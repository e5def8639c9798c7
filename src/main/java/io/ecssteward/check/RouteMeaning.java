package io.ecssteward.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.alert.Alert;
import io.ecssteward.alert.Mention;
import io.ecssteward.alert.Severity;
import io.ecssteward.alerting.ChannelRouting;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.Durations;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.ecs.Operation;
import io.ecssteward.event.LatestVersions;
import io.ecssteward.metrics.Metrics;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.pattern.PatternSubsumption;
import io.ecssteward.problem.Problem;
import io.ecssteward.problem.Suggestion;
import io.ecssteward.settings.Settings;
import io.ecssteward.slack.PacedSlackEndpoint;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.Language;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * What routes say that is well-formed and yet cannot be meant: calls that lead nowhere, expressions and patterns that
 * do not compile, beans, parameters and fields that are not there, branches that are never reached.
 */
final class RouteMeaning {

    private static final Pattern REASON = Pattern.compile("skip\\([^,]+, *'([^']*)'\\)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??(steward\\.[\\w.-]+)(:[^}]*)?}}");
    private static final Pattern POSITION = Pattern.compile("\\(line (\\d+), column (\\d+)\\)");

    /** The steps whose value is an endpoint. */
    private static final Set<String> CALLS = Set.of("to", "toD", "wireTap", "poll");

    /** Where an expression decides. */
    private static final Set<String> PREDICATES =
            Set.of("when", "filter", "onWhen", "validate", "retryWhile", "handled", "continued");

    /** The beans that the steward binds before it reads the routes. */
    private static final Map<String, Class<?>> BOUND = Map.of(
            "ecsClient", software.amazon.awssdk.services.ecs.EcsClient.class,
            "sqsClient", software.amazon.awssdk.services.sqs.SqsClient.class,
            "snsClient", software.amazon.awssdk.services.sns.SnsClient.class,
            "claimStore", ClaimStore.class,
            "versions", LatestVersions.class,
            "channels", ChannelRouting.class,
            "metrics", Metrics.class);

    /** Components of ours, some of whose options Camel's generated lists do not have. */
    private static final Map<String, Class<?>> OURS = Map.of(
            "ecs-service", EcsServiceEndpoint.class, "event", EventEndpoint.class, "slack", PacedSlackEndpoint.class);

    /** What is suggested when a scheme is mistyped, if it is there. */
    private static final List<String> SCHEMES = List.of(
            "alert",
            "aws2-ecs",
            "aws2-sns",
            "aws2-sqs",
            "bean",
            "direct",
            "ecs-service",
            "event",
            "language",
            "log",
            "slack",
            "file",
            "seda",
            "timer");

    private final Settings settings;
    private final CamelContext camel;
    private final List<Problem> problems;
    private final List<Problem> warnings;
    private final ObjectMapper json = new ObjectMapper();

    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, Class<?>> beans = new TreeMap<>(BOUND);
    private final Map<String, Call> starts = new LinkedHashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Call> own = new LinkedHashMap<>();
    private final Set<String> configurations = new TreeSet<>();
    private boolean handedOut;
    private boolean callsUnknown;
    private boolean allKnown;

    private record Call(String name, YamlFile file, Node node) {}

    /**
     * Where in a file the walk is: whether an expression decides there, and whether the body is the event or the alert.
     */
    private record At(YamlFile file, boolean decides, boolean bodyKnown) {
        At deciding(boolean decides) {
            return new At(file, decides, bodyKnown);
        }
    }

    RouteMeaning(Settings settings, CamelContext camel, List<Problem> problems, List<Problem> warnings) {
        this.settings = settings;
        this.camel = camel;
        this.problems = problems;
        this.warnings = warnings;
    }

    /**
     * Looks at all files together: routes call routes of other files.
     *
     * @param all whether these are all there are; otherwise nothing is said to be missing
     */
    void look(List<YamlFile> files, boolean all) {
        allKnown = all;
        for (YamlFile file : files) {
            for (Node item : YamlFile.items(file.root())) {
                YamlFile.items(YamlFile.get(item, "beans")).forEach(bean -> declare(file, bean));
                String configuration = YamlFile.text(YamlFile.get(YamlFile.get(item, "routeConfiguration"), "id"));
                if (configuration != null) {
                    configurations.add(configuration);
                }
            }
        }
        for (YamlFile file : files) {
            for (Node item : YamlFile.items(file.root())) {
                YamlFile.entries(item).forEach((kind, body) -> {
                    if (!kind.equals("beans")) {
                        boolean known = !BodyFields.CHANGES_THE_BODY
                                .matcher(String.join(" ", names(body, new TreeSet<>())))
                                .find();
                        walk(new At(file, false, known), kind, body);
                    } else {
                        walkTexts(new At(file, false, false), body);
                    }
                });
            }
        }
        if (all) {
            links();
        }
    }

    private static Set<String> names(Node node, Set<String> into) {
        YamlFile.entries(node).forEach((name, value) -> {
            into.add(name);
            names(value, into);
        });
        YamlFile.items(node).forEach(item -> names(item, into));
        return into;
    }

    // Beans.

    private void declare(YamlFile file, Node bean) {
        String name = YamlFile.text(YamlFile.get(bean, "name"));
        Node typeNode = YamlFile.get(bean, "type");
        String type = YamlFile.text(typeNode);
        Class<?> found = Object.class;
        if (type != null
                && YamlFile.get(bean, "script") == null
                && YamlFile.get(bean, "factoryBean") == null
                && YamlFile.get(bean, "factoryMethod") == null) {
            try {
                found = Class.forName(
                        type.replaceFirst("^#class:", "").replaceFirst("\\(.*", ""),
                        false,
                        getClass().getClassLoader());
                properties(file, bean, found);
            } catch (ClassNotFoundException | LinkageError e) {
                problems.add(file.problem(
                        typeNode,
                        "there is no class " + type
                                + "; write its name with its package, as in the shipped beans.camel.yaml"));
            }
        }
        if (name != null) {
            beans.put(name, found);
        }
    }

    private void properties(YamlFile file, Node bean, Class<?> type) {
        Set<String> known = setters(type);
        if (YamlFile.get(bean, "properties") instanceof MappingNode properties) {
            for (NodeTuple property : properties.getValue()) {
                String name = YamlFile.text(property.getKeyNode());
                if (name != null && !name.matches(".*[.\\[].*") && !known.contains(name)) {
                    problems.add(file.problem(
                            property.getKeyNode(),
                            "the bean has no property '" + name + "'" + Suggestion.remedy(name, known)));
                }
            }
        }
    }

    private static Set<String> setters(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(m -> m.getName().matches("set[A-Z]\\w*") && m.getParameterCount() == 1)
                .map(m -> Character.toLowerCase(m.getName().charAt(3))
                        + m.getName().substring(4))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void bean(At at, Node node, String ref, String remedyFor) {
        if (ref.isBlank()
                || ref.contains("{{")
                || ref.contains("${")
                || ref.matches("(class|type|property|bean|valueAs):?.*") && ref.contains(":")) {
            return;
        }
        if (allKnown
                && !beans.containsKey(ref)
                && !isClass(ref)
                && System.getenv().keySet().stream().noneMatch(v -> v.startsWith("CAMEL_BEANS"))) {
            problems.add(
                    at.file().problem(node, "there is no bean '" + ref + "'" + remedy(ref, beans.keySet(), remedyFor)));
        }
    }

    private static String remedy(String written, Set<String> names, String otherwise) {
        return Suggestion.to(written, names)
                .map(n -> "; did you mean '" + n + "'?")
                .orElse(otherwise);
    }

    private boolean isClass(String name) {
        try {
            return name.contains(".") && Class.forName(name, false, getClass().getClassLoader()) != null;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private void call(At at, Node definition) {
        Node refNode = definition instanceof ScalarNode ? definition : YamlFile.get(definition, "ref");
        String ref = YamlFile.text(refNode);
        if (ref == null) {
            return;
        }
        bean(at, refNode, ref, "; add it to beans.camel.yaml");
        Node methodNode = YamlFile.get(definition, "method");
        String method = YamlFile.text(methodNode);
        Class<?> type = beans.get(ref);
        if (method == null || type == null || type == Object.class || method.contains("{{")) {
            return;
        }
        String name = method.replaceFirst("\\s*\\(.*", "").strip();
        Set<String> methods = Arrays.stream(type.getMethods())
                .filter(m -> m.getDeclaringClass() != Object.class)
                .map(Method::getName)
                .filter(m -> !m.contains("$"))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!methods.contains(name)) {
            problems.add(at.file()
                    .problem(
                            methodNode,
                            "the bean '" + ref + "' has no method '" + name + "'" + Suggestion.remedy(name, methods)));
        }
        Matcher reason = REASON.matcher(method);
        if (reason.find()) {
            try {
                SkipReason.of(reason.group(1));
            } catch (IllegalArgumentException e) {
                List<String> words =
                        Arrays.stream(SkipReason.values()).map(SkipReason::word).toList();
                problems.add(at.file()
                        .problem(
                                methodNode,
                                reason.start(1),
                                Suggestion.to(reason.group(1), words)
                                        .map(word ->
                                                "'" + reason.group(1) + "' is no reason; did you mean '" + word + "'?")
                                        .orElse(e.getMessage())));
            }
        }
    }

    // The walk.

    private void walk(At at, String name, Node node) {
        if (node instanceof ScalarNode scalar) {
            texts(at, scalar);
            if (name.equals("id")) {
                id(at, scalar);
            }
            return;
        }
        for (Node item : YamlFile.items(node)) {
            walk(at, name, item);
        }
        if (!(node instanceof MappingNode mapping)) {
            return;
        }
        boolean decides = PREDICATES.contains(name)
                || at.decides()
                        && Set.of("expression", "simple", "language", "method").contains(name);
        for (NodeTuple tuple : mapping.getValue()) {
            String key = YamlFile.text(tuple.getKeyNode());
            Node value = tuple.getValueNode();
            if (key == null) {
                continue;
            }
            At inside = at.deciding(decides);
            if (key.equals("from")) {
                start(at, value);
            }
            if (CALLS.contains(key)) {
                endpoint(at, value, key);
            }
            switch (key) {
                case "parameters", "properties" -> {
                    // What an alert says can begin with #, as channels do.
                    String uri = String.valueOf(YamlFile.text(YamlFile.get(node, "uri")));
                    if (!uri.startsWith("alert:") && !uri.startsWith("slack:")) {
                        YamlFile.entries(value).values().forEach(option -> reference(at, option));
                    }
                    walkTexts(at, value);
                }
                case "idempotentRepository", "executorService", "errorHandlerRef", "onPrepare", "routePolicy" -> {
                    reference(at, value);
                    walk(inside, key, value);
                }
                case "exception" -> {
                    YamlFile.items(value).forEach(item -> type(at, item));
                    walk(inside, key, value);
                }
                case "type", "resultType", "beanType" -> {
                    type(at, value);
                    walk(inside, key, value);
                }
                case "routeConfigurationId" -> configurations(at, value);
                case "simple" -> {
                    Node expression = value instanceof MappingNode ? YamlFile.get(value, "expression") : value;
                    simple(inside, expression, decides);
                    walkTexts(inside, value);
                }
                case "choice" -> {
                    reachable(at, YamlFile.items(YamlFile.get(value, "when")));
                    walk(inside, key, value);
                }
                case "bean" -> {
                    call(at, value);
                    walk(inside, key, value);
                }
                case "method" -> {
                    if (!name.equals("bean") && !name.equals("method")) {
                        call(at, value);
                    }
                    walk(inside, key, value);
                }
                case "language" -> {
                    language(at, value);
                    walkTexts(at, value);
                }
                case "aggregationStrategy" -> {
                    if (YamlFile.text(value) != null) {
                        bean(
                                at,
                                value,
                                YamlFile.text(value).replaceFirst("^#(?=[\\w.-]+$)", ""),
                                "; add it to beans.camel.yaml");
                    }
                    walk(inside, key, value);
                }
                case "dynamicRouter", "recipientList", "routingSlip" -> {
                    callsUnknown = true;
                    walk(inside, key, value);
                }
                case "steps" -> walk(at.deciding(false), key, value);
                default -> walk(inside, key, value);
            }
        }
    }

    private void walkTexts(At at, Node node) {
        if (node instanceof ScalarNode scalar) {
            texts(at, scalar);
        }
        YamlFile.items(node).forEach(item -> walkTexts(at, item));
        YamlFile.entries(node).values().forEach(value -> walkTexts(at, value));
    }

    private void texts(At at, ScalarNode node) {
        String text = node.getValue();
        if (at.bodyKnown()) {
            BodyFields.mistakes(text).forEach(m -> problems.add(at.file().problem(node, m.offset(), m.what())));
        }
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            if (placeholder.group(2) == null && !settings.all().containsKey(placeholder.group(1))) {
                problems.add(at.file()
                        .problem(
                                node,
                                placeholder.start(1),
                                "there is no setting '" + placeholder.group(1) + "'"
                                        + remedy(
                                                placeholder.group(1),
                                                settings.all().keySet(),
                                                "; docs/settings.md has them all")));
            }
        }
    }

    /** Where the value of an option can be a bean. */
    private void reference(At at, Node node) {
        String text = YamlFile.text(node);
        if (text != null && text.matches("#[\\w.-]+")) {
            bean(at, node, text.substring(1), "; add it to beans.camel.yaml");
        }
    }

    /** Camel names a class that is not there no better than "null". */
    private void type(At at, Node node) {
        String type = YamlFile.text(node);
        if (type != null && type.matches("[\\w$]+(\\.[\\w$]+)+") && !isClass(type)) {
            problems.add(at.file().problem(node, "there is no class " + type + "; write its name with its package"));
        }
    }

    private void configurations(At at, Node node) {
        String ids = YamlFile.text(node);
        if (ids == null || ids.contains("{{")) {
            return;
        }
        for (String id : ids.split(",")) {
            if (allKnown && !id.contains("*") && !configurations.contains(id.strip())) {
                problems.add(at.file()
                        .problem(
                                node,
                                ids.indexOf(id),
                                "there is no routeConfiguration '" + id.strip() + "'"
                                        + Suggestion.remedy(id.strip(), configurations)));
            }
        }
    }

    private void id(At at, ScalarNode node) {
        String there = ids.putIfAbsent(
                node.getValue(), at.file().problem(node, "").toString().replaceFirst(":(\\d+):.*", " line $1"));
        if (there != null) {
            problems.add(at.file()
                    .problem(
                            node,
                            "the id '" + node.getValue() + "' stands there twice, first in " + there
                                    + "; give this one another name, or take one of them out"));
        }
    }

    // Endpoints.

    private void start(At at, Node from) {
        Node node = from instanceof ScalarNode ? from : YamlFile.get(from, "uri");
        String uri = YamlFile.text(node);
        if (uri == null) {
            return;
        }
        options(at, node, uri, from, "from");
        String name = direct(uri);
        if (name != null) {
            begins(at, node, name, starts, "direct:" + name);
        } else if (uri.startsWith("event:")) {
            begins(
                    at,
                    node,
                    uri.replaceFirst("event:(//)?", "").replaceFirst("\\?.*", ""),
                    own,
                    uri.replaceFirst("\\?.*", ""));
            Node pattern = YamlFile.get(YamlFile.get(from, "parameters"), "pattern");
            if (YamlFile.text(pattern) != null) {
                pattern(at, pattern, YamlFile.text(pattern));
            } else if (pattern != null && !YamlFile.isNothing(pattern)) {
                problems.add(
                        at.file()
                                .problem(
                                        pattern,
                                        "the event pattern is read as YAML and not as a text; write it as a block below pattern: |"));
            } else if (!uri.contains("pattern=")) {
                problems.add(at.file()
                        .problem(
                                node,
                                uri + " has no pattern, so no event would come; add the parameter pattern, "
                                        + "an EventBridge event pattern"));
            }
        }
    }

    private void begins(At at, Node node, String name, Map<String, Call> there, String endpoint) {
        Call before = there.putIfAbsent(name, new Call(name, at.file(), node));
        if (before != null) {
            problems.add(at.file()
                    .problem(
                            node,
                            "another route begins at " + endpoint + " too, in "
                                    + before.file()
                                            .problem(before.node(), "")
                                            .toString()
                                            .replaceFirst(":(\\d+):.*", " line $1")
                                    + ", and only one can; give this one another name"));
        }
    }

    private void endpoint(At at, Node step, String kind) {
        Node node = step instanceof ScalarNode ? step : YamlFile.get(step, "uri");
        String uri = YamlFile.text(node);
        if (uri == null) {
            return;
        }
        if (uri.contains("${")) {
            callsUnknown |= uri.startsWith("direct:") || uri.startsWith("${");
            return;
        }
        options(at, node, uri, step, kind);
        String name = direct(uri);
        if (name != null) {
            calls.add(new Call(name, at.file(), node));
        } else if (uri.startsWith("event:")) {
            Node shipped = YamlFile.get(YamlFile.get(step, "parameters"), "shipped");
            handedOut |= shipped != null;
            if (YamlFile.text(shipped) != null && direct(YamlFile.text(shipped)) != null) {
                calls.add(new Call(direct(YamlFile.text(shipped)), at.file(), shipped));
            }
        } else if (uri.startsWith("alert:")) {
            calls.add(new Call("alerts", at.file(), node));
            alert(at, YamlFile.get(step, "parameters"));
        }
    }

    private static String direct(String uri) {
        return uri.matches("direct:[^{$]*")
                ? uri.replaceFirst("^direct:(//)?", "").replaceFirst("\\?.*", "")
                : null;
    }

    private void options(At at, Node node, String uri, Node step, String kind) {
        if (uri.startsWith("{{")) {
            return;
        }
        String scheme = uri.replaceFirst("[:?].*", "");
        if (getClass().getResource("/META-INF/services/org/apache/camel/component/" + scheme) == null) {
            List<String> there = SCHEMES.stream()
                    .filter(s -> getClass().getResource("/META-INF/services/org/apache/camel/component/" + s) != null)
                    .toList();
            problems.add(at.file()
                    .problem(
                            node,
                            "'" + uri + "' is no endpoint"
                                    + (uri.contains(":") ? ", there is no component '" + scheme + "'" : "")
                                    + Suggestion.to(scheme, there)
                                            .map(s -> "; did you mean " + s + ":?")
                                            .orElse(
                                                    uri.contains(":")
                                                            ? "; there are " + String.join(", ", there)
                                                            : "; to call a route write direct:" + uri)));
            return;
        }
        if (scheme.equals("ecs-service")) {
            try {
                Operation.of(uri.replaceFirst("ecs-service:(//)?", "").replaceFirst("\\?.*", ""));
            } catch (IllegalArgumentException e) {
                problems.add(at.file().problem(node, e.getMessage()));
            }
        }
        Set<String> known = known(scheme);
        if (known.isEmpty()) {
            return;
        }
        if (YamlFile.get(step, "parameters") instanceof MappingNode parameters) {
            for (NodeTuple parameter : parameters.getValue()) {
                option(at, parameter.getKeyNode(), -1, YamlFile.text(parameter.getKeyNode()), scheme, known);
            }
        }
        int query = uri.indexOf('?');
        if (query >= 0 && !uri.substring(0, query).contains("{{")) {
            Matcher option = Pattern.compile("[?&]([^=&{}]+)=").matcher(uri.substring(query));
            while (option.find()) {
                option(at, node, query + option.start(1), option.group(1), scheme, known);
            }
        }
    }

    private void option(At at, Node node, int offset, String name, String scheme, Set<String> known) {
        // Those that end in a dot begin the names of many.
        if (name != null
                && !known.contains(name)
                && known.stream().noneMatch(k -> k.endsWith(".") && name.startsWith(k))) {
            problems.add(at.file()
                    .problem(
                            node,
                            offset,
                            scheme + ": has no parameter '" + name + "'" + Suggestion.remedy(name, known)));
        }
    }

    /** The options of a component; empty when anything may be one. */
    private Set<String> known(String scheme) {
        EndpointUriFactory factory = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
        Set<String> known = new TreeSet<>();
        if (factory != null) {
            if (factory.isLenientProperties()) {
                return Set.of();
            }
            known.addAll(factory.propertyNames());
            known.addAll(factory.multiValuePrefixes().values());
        }
        if (OURS.containsKey(scheme)) {
            known.addAll(setters(OURS.get(scheme)));
            known.removeAll(Set.of("camelContext", "component", "endpointUriIfNotSpecified", "properties"));
        }
        return known;
    }

    private void alert(At at, Node parameters) {
        Map<String, Node> said = YamlFile.entries(parameters);
        said.forEach((name, value) -> {
            String text = YamlFile.text(value);
            if (text == null) {
                return;
            }
            switch (name) {
                case "title", "text", "key", "channel" -> simple(at, value, false);
                case "severity" ->
                    word(
                            at,
                            value,
                            text,
                            Arrays.stream(Severity.values()).map(Enum::name).toList(),
                            name);
                case "state" ->
                    word(
                            at,
                            value,
                            text,
                            Arrays.stream(Alert.State.values()).map(Enum::name).toList(),
                            name);
                case "coolDown" -> {
                    try {
                        Durations.parse(resolved(text));
                    } catch (IllegalArgumentException e) {
                        problems.add(at.file().problem(value, "coolDown is " + e.getMessage()));
                    }
                }
                case "mention" -> {
                    try {
                        Mention.parse(resolved(text));
                    } catch (IllegalArgumentException e) {
                        problems.add(at.file().problem(value, "mention is " + e.getMessage()));
                    }
                }
                case "fields", "links" -> lines(at, name, value, text);
                default -> {
                    // Not one of them, which is said elsewhere.
                }
            }
        });
        channel(at, said.get("channel"));
    }

    private void word(At at, Node node, String text, List<String> words, String name) {
        List<String> small = words.stream().map(w -> w.toLowerCase(Locale.ROOT)).toList();
        if (text.contains("${")) {
            simple(at, node, false);
        } else if (!small.contains(resolved(text).strip().toLowerCase(Locale.ROOT))) {
            problems.add(at.file().problem(node, name + " is '" + text + "'" + Suggestion.remedy(text, small)));
        }
    }

    private void lines(At at, String name, Node node, String text) {
        int offset = 0;
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (!line.isBlank() && colon < 1) {
                problems.add(at.file()
                        .problem(
                                node,
                                offset,
                                name + " has the line '" + line.strip() + "'; write a name, a colon and a value"));
            } else if (!line.isBlank()) {
                String value = line.substring(colon + 1);
                simple(
                        at,
                        node,
                        offset
                                + colon
                                + 1
                                + value.length()
                                - value.stripLeading().length(),
                        value.strip(),
                        false);
            }
            offset += line.length() + 1;
        }
    }

    private void channel(At at, Node node) {
        String channel = YamlFile.text(node);
        boolean webhooks = settings.has(Settings.WEBHOOK) || settings.has(Settings.WEBHOOKS);
        if (channel == null || channel.contains("${") || !webhooks || settings.has(Settings.TOKEN)) {
            return;
        }
        String name = resolved(channel).replaceFirst("^#", "");
        boolean own = settings.webhooks().containsKey(name)
                || settings.has(Settings.WEBHOOK)
                        && name.equals(settings.get(Settings.CHANNEL).replaceFirst("^#", ""));
        if (!own) {
            warnings.add(at.file()
                    .problem(
                            node,
                            "the channel #" + name + " has no webhook of its own, so this goes wherever "
                                    + Settings.variable(Settings.WEBHOOK) + " posts; add " + name
                                    + "=https://hooks.slack.com/... to "
                                    + Settings.variable(Settings.WEBHOOKS)));
        }
    }

    // Expressions.

    private void simple(At at, Node node, boolean decides) {
        if (YamlFile.text(node) != null) {
            simple(at, node, 0, YamlFile.text(node), decides);
        }
    }

    private void simple(At at, Node node, int offset, String text, boolean decides) {
        String written = resolved(text);
        if (written.contains("{{") || written.startsWith("resource:")) {
            return;
        }
        try {
            Language simple = camel.resolveLanguage("simple");
            if (decides) {
                simple.createPredicate(written).initPredicate(camel);
            } else {
                simple.createExpression(written).init(camel);
            }
        } catch (RuntimeException e) {
            int index = -1;
            Throwable cause = e;
            while (cause.getCause() != null && cause.getCause() != cause) {
                if (cause instanceof SimpleIllegalSyntaxException syntax) {
                    index = syntax.getIndex();
                }
                cause = cause.getCause();
            }
            // Where a placeholder was replaced, or ${field()}, what is behind it has moved.
            int place = index < 0 || !written.equals(text) || written.contains("field(") ? -1 : offset + index;
            String message = String.valueOf(cause.getMessage()).replaceFirst("(?s) at location \\d+.*", "");
            problems.add(at.file().problem(node, place, simpleInWords(message, written)));
        }
    }

    private static String simpleInWords(String said, String written) {
        if (said.startsWith("Unknown function: ")) {
            String name = said.substring("Unknown function: ".length()).strip();
            if (name.startsWith("field(")) {
                return "${" + name + "} names no field; write ${field(detail.name)}";
            }
            return "there is no ${" + name + "} in Camel's simple language; "
                    + Suggestion.to(
                                    name.replaceFirst("[.(].*", ""),
                                    List.of(
                                            "body",
                                            "field",
                                            "header",
                                            "variable",
                                            "exchangeProperty",
                                            "exchange",
                                            "exception",
                                            "date",
                                            "env",
                                            "routeId",
                                            "bean"))
                            .filter(near -> !near.equals(name))
                            .map(near -> "did you mean ${" + near + name.replaceFirst("^[^.(]*", "") + "}?")
                            .orElse(
                                    "fields of the event are ${field(detail.name)}, and what it is about ${body.service}");
        }
        if (said.contains("functionEnd")) {
            return "a ${ is not closed in '" + written.strip() + "'; add the } where the expression ends";
        }
        return said.strip().replaceAll("\\s+", " ") + " in '" + written.strip()
                + "'; write it as Camel's simple language has it";
    }

    /** With the values of the settings in place of their names. */
    private String resolved(String text) {
        Matcher placeholder = PLACEHOLDER.matcher(text);
        return placeholder.replaceAll(found -> Matcher.quoteReplacement(settings.all()
                .getOrDefault(
                        found.group(1),
                        found.group(2) == null ? found.group() : found.group(2).substring(1))));
    }

    private void language(At at, Node definition) {
        Node languageNode = YamlFile.get(definition, "language");
        String language = YamlFile.text(languageNode);
        Node node = YamlFile.get(definition, "expression");
        String text = YamlFile.text(node);
        if (language == null || language.contains("{{")) {
            return;
        }
        if (getClass().getResource("/META-INF/services/org/apache/camel/language/" + language) == null) {
            problems.add(at.file()
                    .problem(
                            languageNode,
                            "there is no language '" + language + "'"
                                    + Suggestion.remedy(language, List.of("event-pattern", "simple", "constant"))));
        } else if (language.equals("event-pattern") && text != null) {
            pattern(at, node, text);
        } else if (language.equals("simple")) {
            simple(at, node, false);
        }
    }

    private void pattern(At at, Node node, String text) {
        if (text.startsWith("resource:") || text.contains("{{steward.")) {
            return;
        }
        try {
            EventPattern.compile(text);
        } catch (IllegalArgumentException e) {
            String first = e.getMessage()
                    .lines()
                    .findFirst()
                    .orElse("")
                    .replaceFirst("^compiling the event pattern: ", "")
                    .replaceFirst(" \\(code \\d+\\)", "");
            Matcher position = POSITION.matcher(first);
            int offset = -1;
            if (position.find()) {
                offset = offset(text, Integer.parseInt(position.group(1)), Integer.parseInt(position.group(2)));
                first = position.replaceFirst("").strip();
            }
            problems.add(at.file()
                    .problem(
                            node,
                            offset,
                            "the event pattern does not compile: " + first + "; write it as for an EventBridge rule"));
        }
    }

    private static int offset(String text, int line, int column) {
        int begin = 0;
        for (int i = 1; i < line; i++) {
            begin = text.indexOf('\n', begin) + 1;
        }
        return Math.max(0, Math.min(text.length(), begin + column - 1));
    }

    // What is never reached.

    private record Seen(JsonNode pattern, String text, int line) {}

    private void reachable(At at, List<Node> whens) {
        List<Seen> before = new ArrayList<>();
        for (Node when : whens) {
            Node expression = YamlFile.get(when, "expression") == null ? when : YamlFile.get(when, "expression");
            Node language = YamlFile.get(expression, "language");
            Seen seen = null;
            if (language != null && "event-pattern".equals(YamlFile.text(YamlFile.get(language, "language")))) {
                JsonNode pattern = json(YamlFile.text(YamlFile.get(language, "expression")));
                seen = pattern == null ? null : new Seen(pattern, null, YamlFile.line(when));
            } else if (YamlFile.get(expression, "simple") != null) {
                Node simple = YamlFile.get(expression, "simple");
                String text =
                        YamlFile.text(simple instanceof MappingNode ? YamlFile.get(simple, "expression") : simple);
                seen = text == null ? null : new Seen(null, text.strip(), YamlFile.line(when));
            }
            if (seen != null) {
                for (Seen earlier : before) {
                    if (hides(earlier, seen)) {
                        problems.add(at.file()
                                .problem(
                                        when,
                                        "this branch is never reached, as the one in line " + earlier.line()
                                                + (earlier.pattern() == null
                                                                || earlier.pattern()
                                                                        .equals(seen.pattern())
                                                        ? " has the same condition"
                                                        : " matches all that it does")
                                                + "; put this one before that one, or take it out"));
                        break;
                    }
                }
                before.add(seen);
            }
        }
    }

    private static boolean hides(Seen earlier, Seen later) {
        if (earlier.pattern() != null) {
            return later.pattern() != null && PatternSubsumption.covers(earlier.pattern(), later.pattern());
        }
        return earlier.text().equals(later.text())
                || earlier.text().equals("true")
                || earlier.text().equals("${true}");
    }

    /** Null when it is not the JSON of a pattern, which is said elsewhere. */
    private JsonNode json(String text) {
        try {
            JsonNode pattern = text == null ? null : json.readTree(text);
            return pattern != null && pattern.isObject() && !pattern.isEmpty() ? pattern : null;
        } catch (IOException e) {
            return null;
        }
    }

    private void links() {
        Set<String> called = new TreeSet<>();
        for (Call call : calls) {
            called.add(call.name());
            if (!starts.containsKey(call.name())) {
                boolean alerts =
                        call.name().equals("alerts") && direct(String.valueOf(YamlFile.text(call.node()))) == null;
                problems.add(
                        call.file()
                                .problem(
                                        call.node(),
                                        "calls direct:" + call.name() + ", and no route begins there"
                                                + (alerts
                                                        ? "; add the shipped slack.camel.yaml to the folder"
                                                        : remedy(
                                                                call.name(),
                                                                starts.keySet(),
                                                                "; write it right, or add the file with that route to the folder"))));
            }
        }
        if (!handedOut) {
            own.values().stream()
                    .findFirst()
                    .ifPresent(
                            first -> problems.add(
                                    first.file()
                                            .problem(
                                                    first.node(),
                                                    "no route hands events to routes of your own; add the shipped intake.camel.yaml, or its step event:all")));
        }
        if (callsUnknown) {
            return;
        }
        String froms = settings.get(Settings.FROM) + " " + settings.get("steward.urgent.from") + " "
                + settings.get("steward.alerts.from");
        starts.forEach((name, start) -> {
            if (!called.contains(name) && !froms.matches("(?s).*direct:" + Pattern.quote(name) + "\\b.*")) {
                warnings.add(start.file()
                        .problem(
                                start.node(),
                                "nothing calls direct:" + name
                                        + ", so this route never runs; call it, or take it out"));
            }
        });
    }
}

package io.ecssteward.check;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.EnumWord;
import io.ecssteward.alert.Mention;
import io.ecssteward.alert.Severity;
import io.ecssteward.problem.Suggestion;
import io.ecssteward.settings.Settings;
import io.ecssteward.time.Durations;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reports a parameter of an {@code alert:} step whose value is wrong, and a channel without a webhook. */
record AlertParameterRule(RouteContext context, SimpleSyntax simple) implements RouteRule {

    @Override
    public void entry(Position place, Node owner, String name, Node value) {
        EndpointUri uri = EndpointUri.called(name, value);
        if (uri != null && uri.scheme().equals("alert")) {
            uri.parametersByName().forEach((parameter, node) -> {
                if (YamlFile.text(node) != null) {
                    check(place, parameter, node, YamlFile.text(node));
                }
            });
        }
    }

    private void check(Position place, String name, Node node, String text) {
        switch (name) {
            case "title", "text", "key", "incident" -> simple.check(place, node, false);
            case "channel" -> {
                simple.check(place, node, false);
                channel(place, node, text);
            }
            case "severity" -> word(place, node, text, Severity.values(), name);
            case "state" -> word(place, node, text, Alert.State.values(), name);
            case "coolDown", "resolveAfter" -> parses(place, node, text, name, Durations::parse);
            case "mention" -> parses(place, node, text, name, Mention::parse);
            case "fields", "links" -> lines(place, name, node, text);
            default -> {
                // EndpointParameterRule reports unknown parameters.
            }
        }
    }

    private void word(Position place, Node node, String text, Enum<?>[] words, String name) {
        List<String> lower = Arrays.stream(words).map(EnumWord::of).toList();
        if (text.contains("${")) {
            simple.check(place, node, false);
        } else if (!lower.contains(context.resolved(text).strip().toLowerCase(Locale.ROOT))) {
            context.problem(place, node, name + " is '" + text + "'" + Suggestion.remedy(text, lower));
        }
    }

    private void parses(Position place, Node node, String text, String name, Consumer<String> parser) {
        try {
            parser.accept(context.resolved(text));
        } catch (IllegalArgumentException e) {
            context.problem(place, node, name + " is " + e.getMessage());
        }
    }

    private void lines(Position place, String name, Node node, String text) {
        int offset = 0;
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (!line.isBlank() && colon < 1) {
                context.problem(
                        place,
                        node,
                        offset,
                        name + " has the line '" + line.strip() + "'; write a name, a colon and a value");
            } else if (!line.isBlank()) {
                String value = line.substring(colon + 1);
                int indent = value.length() - value.stripLeading().length();
                simple.check(place, node, offset + colon + 1 + indent, value.strip(), false);
            }
            offset += line.length() + 1;
        }
    }

    private void channel(Position place, Node node, String text) {
        Settings settings = context.settings();
        boolean webhooks = settings.has(Settings.WEBHOOK) || settings.has(Settings.WEBHOOKS);
        if (text.contains("${") || !webhooks || settings.has(Settings.TOKEN)) {
            return;
        }
        String name = context.resolved(text).replaceFirst("^#", "");
        if (!settings.slack().hasWebhookFor(name)) {
            context.warning(
                    place,
                    node,
                    "the channel #" + name + " has no webhook, so this goes to the channel of "
                            + Settings.WEBHOOK.variable() + " posts; add " + name
                            + "=https://hooks.slack.com/... to " + Settings.WEBHOOKS.variable());
        }
    }
}

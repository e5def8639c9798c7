package io.ecssteward.alert;

import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * Brings the parameters of {@code alert:} steps through Camel as they were written. Camel takes line breaks, and the
 * indentation after them, out of every endpoint URI, because one can be a text block of Java; and it takes the first
 * {@code )&} for the end of a {@code RAW()} value. Both are hidden from it when a route is added.
 */
final class WrittenText extends ModelLifecycleStrategySupport {

    /** Private to whoever uses it, by Unicode, and allowed in a URI. */
    private static final String LINE_BREAK = "\uE000";

    private static final String APART = "\uE001";

    private static final Pattern NO_END =
            Pattern.compile("\\)&(?!(?:" + String.join("|", AlertUriFactory.NAMES) + ")=)");

    private WrittenText() {}

    /** Sees to the routes that are added to this context from now on. */
    static void see(CamelContext camel) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        if (model.getModelLifecycleStrategies().stream().noneMatch(WrittenText.class::isInstance)) {
            model.addModelLifecycleStrategy(new WrittenText());
        }
    }

    /** What was written. */
    static String of(String hidden) {
        return hidden.replace(LINE_BREAK, "\n").replace(APART, "");
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        for (ToDefinition step : ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
            if (step.getUri() != null && step.getUri().startsWith("alert:")) {
                step.setUri(NO_END.matcher(step.getUri().replace("\n", LINE_BREAK)).replaceAll(")" + APART + "&"));
            }
        }
    }
}

package io.ecssteward.testing;

import io.ecssteward.pattern.SimpleWithFields;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** A Camel context with routes in YAML, as an operator writes them. Beans are bound first, then it is started. */
public final class YamlRoutes implements AutoCloseable {

    private final CamelContext camel = new DefaultCamelContext();

    /** An empty one, whose simple expressions know the fields of events. */
    public YamlRoutes() {
        bind(SimpleWithFields.NAME, new SimpleWithFields());
    }

    /** The context, to configure or to ask. */
    public CamelContext camel() {
        return camel;
    }

    /** Binds a bean that the routes refer to by name, or that a component finds by its type. */
    public YamlRoutes bind(String name, Object bean) {
        camel.getRegistry().bind(name, bean);
        return this;
    }

    /** Loads routes and starts; throws what stops the start. */
    public YamlRoutes start(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("test.camel.yaml", yaml));
        camel.start();
        return this;
    }

    /** Sends a body, waits for the end, and returns the exchange, which may have failed. */
    public Exchange send(String endpoint, Object body) {
        return camel.createProducerTemplate()
                .request(endpoint, e -> e.getMessage().setBody(body));
    }

    /** A predicate of a language, as it would stand in a route. */
    public Predicate predicate(String language, String expression) {
        Predicate predicate = camel.resolveLanguage(language).createPredicate(expression);
        predicate.init(camel);
        return predicate;
    }

    @Override
    public void close() {
        camel.stop();
    }
}

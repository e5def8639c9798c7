package io.ecssteward.alerting;

import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.support.component.EndpointUriFactorySupport;

/**
 * Allows any text in the parameters of Steward's endpoints. Camel's YAML DSL writes parameters into a URI, where
 * {@code &}, {@code %} and {@code +} have a meaning. Only parameters that Camel considers secret are wrapped in
 * {@code RAW()}. Titles, texts, links and patterns are full of such characters, so this class declares all parameters
 * as secret, and {@link RawParameterText} does the rest.
 *
 * @see <a href="https://camel.apache.org/manual/faq/how-do-i-configure-endpoints.html">Camel: raw parameter values</a>
 */
public abstract class RawParameterUriFactory extends EndpointUriFactorySupport implements EndpointUriFactory {

    private static final String NAME = "name";

    private final String scheme;
    private final Set<String> names;
    private final Set<String> raw;

    /**
     * For endpoints {@code scheme:name}.
     *
     * @param parameters their parameters, apart from the name
     */
    protected RawParameterUriFactory(String scheme, Set<String> parameters) {
        this.scheme = scheme;
        raw = Set.copyOf(parameters);
        Set<String> all = new HashSet<>(parameters);
        all.add(NAME);
        names = Set.copyOf(all);
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        super.setCamelContext(camelContext);
        RawParameterText.install(camelContext, scheme, names);
    }

    @Override
    public boolean isEnabled(String asked) {
        return scheme.equals(asked);
    }

    @Override
    public String buildUri(String asked, Map<String, Object> properties, boolean encode) throws URISyntaxException {
        Map<String, Object> copy = new HashMap<>(properties);
        String syntax = scheme + ":" + NAME;
        return buildQueryParameters(buildPathParameter(syntax, syntax, NAME, null, true, copy), copy, encode);
    }

    @Override
    public Set<String> propertyNames() {
        return names;
    }

    @Override
    public Set<String> secretPropertyNames() {
        return raw;
    }

    @Override
    public Map<String, String> multiValuePrefixes() {
        return Map.of();
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }
}

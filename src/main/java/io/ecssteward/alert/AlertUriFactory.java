package io.ecssteward.alert;

import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.support.component.EndpointUriFactorySupport;

/**
 * Lets the parameters of an {@code alert:} step hold any text. Camel's YAML writes parameters into a URI, where
 * {@code &}, {@code %} and {@code +} mean something, except those that it takes for secret: they are wrapped in
 * {@code RAW()}. Titles, texts and links are full of such characters, so all of them are wrapped, and {@link WrittenText}
 * sees to what that leaves.
 *
 * @see <a href="https://camel.apache.org/manual/faq/how-do-i-configure-endpoints.html#HowdoIconfigureendpoints-Configuringparametervaluesusingrawvalues">Camel:
 *     configuring parameter values using raw values</a>
 */
public class AlertUriFactory extends EndpointUriFactorySupport implements EndpointUriFactory {

    static final Set<String> NAMES = Set.of(
            "name", "channel", "mention", "thread", "severity", "state", "title", "text", "fields", "links", "key", "coolDown",
            "lazyStartProducer");

    @Override
    public void setCamelContext(CamelContext camelContext) {
        super.setCamelContext(camelContext);
        WrittenText.see(camelContext, "alert", NAMES);
    }

    @Override
    public boolean isEnabled(String scheme) {
        return "alert".equals(scheme);
    }

    @Override
    public String buildUri(String scheme, Map<String, Object> properties, boolean encode) throws URISyntaxException {
        Map<String, Object> copy = new HashMap<>(properties);
        String uri = buildPathParameter("alert:name", "alert:name", "name", null, true, copy);
        return buildQueryParameters(uri, copy, encode);
    }

    @Override
    public Set<String> propertyNames() {
        return NAMES;
    }

    @Override
    public Set<String> secretPropertyNames() {
        Set<String> raw = new HashSet<>(NAMES);
        raw.remove("name");
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

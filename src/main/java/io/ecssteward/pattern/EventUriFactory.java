package io.ecssteward.pattern;

import io.ecssteward.alert.WrittenText;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.support.component.EndpointUriFactorySupport;

/** Lets a pattern in an {@code event:} endpoint hold any text, as those of {@code alert:} can. */
public class EventUriFactory extends EndpointUriFactorySupport implements EndpointUriFactory {

    static final Set<String> NAMES = Set.of("name", "pattern", "instead", "shipped");

    @Override
    public void setCamelContext(CamelContext camelContext) {
        super.setCamelContext(camelContext);
        WrittenText.see(camelContext, "event", NAMES);
    }

    @Override
    public boolean isEnabled(String scheme) {
        return "event".equals(scheme);
    }

    @Override
    public String buildUri(String scheme, Map<String, Object> properties, boolean encode) throws URISyntaxException {
        Map<String, Object> copy = new HashMap<>(properties);
        String uri = buildPathParameter("event:name", "event:name", "name", null, true, copy);
        return buildQueryParameters(uri, copy, encode);
    }

    @Override
    public Set<String> propertyNames() {
        return NAMES;
    }

    @Override
    public Set<String> secretPropertyNames() {
        return Set.of("pattern", "instead", "shipped");
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

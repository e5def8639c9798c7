package io.ecssteward.alerting;

import io.ecssteward.event.LatestVersions;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code alert:}, which creates every alert.
 *
 * @see AlertEndpoint
 */
@Component("alert")
public class AlertComponent extends DefaultComponent {

    /** The exchange property with the name of the custom route; only custom routes have it. */
    public static final String CUSTOM_ROUTE = "StewardCustomRoute";

    @Metadata(defaultValue = "direct:alerts", description = "The endpoint that every alert is sent to")
    private String to = "direct:alerts";

    private ChannelRouting channels;
    private LatestVersions versions;

    /** Camel injects beans only into components with a generated configurer. */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        channels = getCamelContext().getRegistry().findSingleByType(ChannelRouting.class);
        versions = getCamelContext().getRegistry().findSingleByType(LatestVersions.class);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        AlertEndpoint endpoint = new AlertEndpoint(uri, this, remaining);
        parameters.replaceAll(
                (name, value) -> value instanceof String written ? RawParameterText.decode(written) : value);
        RawParameterText.checkNames("alert:" + remaining, parameters, RawParameterText.names(AlertEndpoint.class));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    public String getTo() {
        return to;
    }

    /** The endpoint that every alert is sent to. */
    public void setTo(String to) {
        this.to = to;
    }

    /** Chooses channels for alerts; from the registry, null if there is none. */
    ChannelRouting channels() {
        return channels;
    }

    /** Recognizes stale events, which cause no alert; from the registry, null if there is none. */
    LatestVersions versions() {
        return versions;
    }
}

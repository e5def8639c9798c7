package io.ecssteward.ecs;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.aws2.ecs.ECS2Component;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * The Camel component {@code ecs-service:}: what camel-aws2-ecs lacks, which knows clusters only. It uses the
 * {@link EcsClient} in the registry, or else the one that camel-aws2-ecs is configured with.
 *
 * @see EcsServiceEndpoint
 */
@Component("ecs-service")
public class EcsServiceComponent extends DefaultComponent {

    @Metadata(description = "The client to ask ECS with")
    private EcsClient ecsClient;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        EcsServiceEndpoint endpoint = new EcsServiceEndpoint(uri, this, Operation.of(remaining));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** The client that was set, or else the one in the registry, or else that of camel-aws2-ecs. */
    public EcsClient getEcsClient() {
        if (ecsClient == null) {
            ecsClient = getCamelContext().getRegistry().findSingleByType(EcsClient.class);
        }
        if (ecsClient == null) {
            ecsClient = getCamelContext()
                    .getComponent("aws2-ecs", ECS2Component.class)
                    .getConfiguration()
                    .getEcsClient();
        }
        return ecsClient;
    }

    /** The client to ask ECS with; the one in the registry, or that of camel-aws2-ecs, when there is none. */
    public void setEcsClient(EcsClient ecsClient) {
        this.ecsClient = ecsClient;
    }
}

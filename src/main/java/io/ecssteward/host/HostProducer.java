package io.ecssteward.host;

import io.ecssteward.event.ContainerInstanceStateChange;
import io.ecssteward.event.Event;
import io.ecssteward.event.HostNotice;
import io.ecssteward.event.LifecycleAction;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.time.Durations;
import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;

/** Performs the operation in the endpoint's URI, in a thread of the component. */
class HostProducer extends DefaultAsyncProducer {

    private final HostEndpoint endpoint;
    private Duration after;

    HostProducer(HostEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        try {
            after = endpoint.after.isBlank() ? Duration.ZERO : Durations.parse(endpoint.after);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("ecs-host:" + endpoint.operation + ": after is " + e.getMessage());
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        endpoint.getComponent().threads().execute(() -> {
            try {
                Message message = exchange.getMessage();
                message.removeHeaders("CamelEcsHost*");
                Event event = message.getBody() instanceof Event body ? body.original() : null;
                message.setHeader(HostEndpoint.OUTCOME, perform(exchange, event));
            } catch (RuntimeException e) {
                exchange.setException(e);
            }
            callback.done(false);
        });
        return false;
    }

    private String perform(Exchange exchange, Event event) {
        HostComponent component = endpoint.getComponent();
        HostOperation operation = endpoint.operation;
        if (operation == HostOperation.DRAIN && event instanceof HostNotice notice) {
            return new HostDrain(component.ecs(), exchange, event)
                    .notice(
                            notice,
                            component.now(notice),
                            () -> component
                                    .search()
                                    .find(component.ecs(), endpoint.clusters, notice.instanceId(), false));
        }
        if (operation == HostOperation.LIFECYCLE_ACTION && event instanceof LifecycleAction action) {
            return new HookStep(endpoint, exchange, action).take();
        }
        if (operation == HostOperation.AGENT_AWAY && event instanceof ContainerInstanceStateChange change) {
            return AgentAway.take(endpoint, exchange, change, after);
        }
        throw new PermanentFailureException("ecs-host:" + endpoint.operation + ": the event is a "
                + (event == null ? "nothing" : event.type()) + ", which is not what it is for");
    }
}

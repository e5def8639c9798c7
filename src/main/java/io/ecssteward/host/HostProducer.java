package io.ecssteward.host;

import io.ecssteward.event.Event;
import io.ecssteward.event.HostNotice;
import io.ecssteward.failure.PermanentFailureException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;

/** Performs the operation in the endpoint's URI, in a thread of the component. */
class HostProducer extends DefaultAsyncProducer {

    private final HostEndpoint endpoint;

    HostProducer(HostEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
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
        HostDrain drain = new HostDrain(component.ecs(), exchange, event);
        if (event instanceof HostNotice notice) {
            return drain.notice(
                    notice,
                    () -> component.search().find(component.ecs(), endpoint.getClusters(), notice.instanceId()));
        }
        throw new PermanentFailureException("ecs-host:" + endpoint.getOperation() + ": the event is a "
                + (event == null ? "nothing" : event.type()) + " and not a host-notice");
    }
}

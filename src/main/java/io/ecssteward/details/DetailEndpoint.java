package io.ecssteward.details;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Replies in the thread of an incident with a detail for debugging.
 *
 * <pre>
 * - to: ecs-detail:log-tail
 * </pre>
 *
 * <p>The body is the event {@code Incident Alert}, whose alert names the resource, or a person's click or command in
 * Slack: then the resource is that of the incident's latest alert with a suitable one. The body is not changed. Each
 * detail is posted once for an alert of an incident, and once for each request of a person. If AWS refuses or fails,
 * the event does not fail: a reply in the thread gives the reason, and a missing permission is logged as a warning,
 * once an hour.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "ecs-detail",
        title = "ECS Detail",
        syntax = "ecs-detail:detail",
        producerOnly = true,
        category = {Category.CLOUD})
public class DetailEndpoint extends DefaultEndpoint {

    @UriPath(description = "What to reply with")
    @Metadata(required = true)
    private final Detail detail;

    @UriParam(
            description = "A tenth of the milliseconds until AWS is asked again if it knows nothing or does not answer",
            defaultValue = "500")
    long retryDelay = 500;

    DetailEndpoint(String uri, DetailComponent component, Detail detail) {
        super(uri, component);
        this.detail = detail;
    }

    @Override
    public DetailComponent getComponent() {
        return (DetailComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        return new DetailProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("ecs-detail: cannot be read from");
    }

    Detail detail() {
        return detail;
    }

    /**
     * The unit of the waits before retries, in milliseconds: the first wait is ten times this, the second forty times.
     */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }
}

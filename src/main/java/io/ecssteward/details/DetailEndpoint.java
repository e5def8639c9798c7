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
 * Replies in the thread of an incident with something to debug with.
 *
 * <pre>
 * - to: ecs-detail:log-tail
 * </pre>
 *
 * <p>The body is the event {@code Incident Alert}, whose alert says what to ask about, or what a person did in Slack:
 * then it is what the incident's latest alert of a fitting kind is about. The body stays as it is. Each detail is told
 * once for an alert of an incident, and once for each time that a person asks. AWS's refusals and failures fail no
 * event: who expects the detail is told in the thread, and a missing permission is a warning in the log, once an hour.
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

    /** In milliseconds: the first wait is ten times that, the second forty times. */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }
}

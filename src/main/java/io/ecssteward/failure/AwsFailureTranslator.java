package io.ecssteward.failure;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Translates the exceptions of Camel's own AWS endpoints ({@code aws2-ecs:}, {@code aws2-sns:}) before a route handles
 * them.
 */
public final class AwsFailureTranslator implements InterceptStrategy {

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode node, Processor target, Processor next) {
        String uri = node instanceof EndpointRequiredDefinition to && to.getEndpointUri() != null
                ? context.resolvePropertyPlaceholders(to.getEndpointUri())
                : "";
        if (!uri.startsWith("aws2-")) {
            return target;
        }
        boolean queue = uri.startsWith("aws2-sqs:");
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    if (exchange.getException() instanceof SdkException e) {
                        exchange.setException(translate(e));
                    }
                    callback.done(doneSync);
                });
            }

            /**
             * A failure of a queue, such as denied access, is not the event's fault: the event is retried until the
             * queue accepts it.
             */
            private RuntimeException translate(SdkException e) {
                return queue ? new TransientFailureException(e.getMessage()) : Failures.translate(e.getMessage(), e);
            }
        };
    }
}

package io.ecssteward.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ecssteward.testing.Sqs;
import io.ecssteward.testing.YamlRoutes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Processor;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

class DropAllHeadersTest {

    @Test
    void whoSendsAMessageSteersNothingByItsAttributes() throws Exception {
        Map<String, Object> headers = new ConcurrentHashMap<>();
        try (Sqs sqs = new Sqs();
                SqsClient client = Sqs.newClient();
                YamlRoutes routes = new YamlRoutes()) {
            String queue = sqs.createQueue("events");
            routes.bind("sqs", client)
                    .bind("drop-all-headers", new DropAllHeaders())
                    .bind("look", (Processor) e -> headers.putAll(e.getMessage().getHeaders()));
            routes.camel().getPropertiesComponent().addOverrideProperty("queue", queue);
            sqs.send(
                    queue,
                    "{}",
                    Map.of(
                            "mine",
                            "x",
                            "CamelEcsServiceOutcome",
                            "updated",
                            "CamelAwsSqsDelaySeconds",
                            "900",
                            Sqs2Constants.RECEIPT_HANDLE,
                            "forged",
                            Sqs2Constants.MESSAGE_ID,
                            "forged"));
            routes.start("""
                    - route:
                        from:
                          uri: "aws2-sqs:events?queueUrl={{queue}}&waitTimeSeconds=5&initialDelay=0&messageAttributeNames=All&headerFilterStrategy=#drop-all-headers"
                          steps:
                            - process:
                                ref: look
                    """);
            sqs.awaitEmpty(queue, Duration.ofSeconds(15));
        }

        assertThat(headers)
                .doesNotContainKeys("mine", "CamelEcsServiceOutcome", "CamelAwsSqsDelaySeconds")
                .doesNotContainValue("forged");
        assertThat(headers).containsKeys(Sqs2Constants.MESSAGE_ID, Sqs2Constants.RECEIPT_HANDLE);
    }
}

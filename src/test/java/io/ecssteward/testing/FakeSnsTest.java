package io.ecssteward.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.AuthorizationErrorException;
import software.amazon.awssdk.services.sns.model.InternalErrorException;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.SnsException;
import software.amazon.awssdk.services.sns.model.ThrottledException;

class FakeSnsTest {
    private final FakeSns sns = new FakeSns();
    private final SnsClient client = sns.client();
    private final String topic = sns.topicArn("alerts");

    @AfterEach
    void stop() {
        sns.close();
    }

    private String publish(String message) {
        return client.publish(request -> request.topicArn(topic).message(message))
                .messageId();
    }

    private static MessageAttributeValue string(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    @Test
    void takesMessages() {
        String message = "{\"text\": \"a & b = 100% <c> é\\n+\"}";

        assertThat(client.publish(request -> request.topicArn(topic)
                                .subject("web: deployment failed")
                                .message(message)
                                .messageAttributes(Map.of("severity", string("red"), "key", string("a&b=c"))))
                        .messageId())
                .isNotEmpty();
        publish("plain");

        assertThat(sns.published())
                .containsExactly(
                        new FakeSns.Publication(
                                topic, "web: deployment failed", message, Map.of("severity", "red", "key", "a&b=c")),
                        new FakeSns.Publication(topic, null, "plain", Map.of()));
        assertThat(topic).isEqualTo("arn:aws:sns:eu-west-1:111122223333:alerts");
    }

    @Test
    void failsToOrder() {
        sns.fail(FakeSns.PUBLISH, 1, FakeSns.THROTTLED);
        sns.fail(FakeSns.PUBLISH, 1, FakeSns.SERVER_ERROR);
        sns.fail(FakeSns.PUBLISH, 1, FakeSns.AUTHORIZATION_ERROR);
        sns.fail(FakeSns.PUBLISH, 1, FakeSns.NOT_FOUND);

        assertThatThrownBy(() -> publish("one"))
                .isInstanceOfSatisfying(
                        ThrottledException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(429));
        assertThatThrownBy(() -> publish("one"))
                .isInstanceOfSatisfying(
                        InternalErrorException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(500));
        assertThatThrownBy(() -> publish("one"))
                .isInstanceOf(AuthorizationErrorException.class)
                .hasMessageContaining("not authorized to perform: SNS:Publish");
        assertThatThrownBy(() -> publish("one")).isInstanceOf(NotFoundException.class);
        assertThat(sns.published()).isEmpty();
        publish("one");
        assertThat(sns.published()).hasSize(1);
        assertThat(sns.attempts()).isEqualTo(5);
        sns.clear();
        assertThat(sns.published()).isEmpty();
        assertThat(sns.attempts()).isZero();
    }

    @Test
    void losesAnswers() {
        sns.hangUp(FakeSns.PUBLISH, 1);
        sns.loseAnswer(FakeSns.PUBLISH, 1);

        assertThatThrownBy(() -> publish("lost")).isInstanceOf(SdkClientException.class);
        assertThatThrownBy(() -> publish("taken")).isInstanceOf(SdkClientException.class);
        assertThat(sns.published()).extracting(FakeSns.Publication::message).containsExactly("taken");
    }

    @Test
    void refusesSubjectsThatSnsRefuses() {
        for (String subject : new String[] {"two\nlines", "x".repeat(101)}) {
            assertThatThrownBy(() -> client.publish(
                            request -> request.topicArn(topic).subject(subject).message("m")))
                    .isInstanceOf(InvalidParameterException.class)
                    .hasMessageContaining("Invalid parameter: Subject");
        }
    }

    @Test
    void refusesOtherOperations() {
        assertThatThrownBy(client::listTopics).isInstanceOf(SnsException.class).hasMessageContaining("ListTopics");
    }
}

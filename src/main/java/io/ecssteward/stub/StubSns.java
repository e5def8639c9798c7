package io.ecssteward.stub;

import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/** An SNS client that accepts every message and delivers none. */
public final class StubSns implements SnsClient {
    @Override
    public PublishResponse publish(PublishRequest request) {
        return PublishResponse.builder().messageId("notification").build();
    }

    @Override
    public String serviceName() {
        return "sns";
    }

    @Override
    public void close() {}
}

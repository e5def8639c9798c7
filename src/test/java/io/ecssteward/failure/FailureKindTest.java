package io.ecssteward.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** One table decides whether it helps to try again. */
class FailureKindTest {

    @ParameterizedTest
    @CsvSource({
        "400, AccessDeniedException, PERMANENT",
        "403, AuthorizationError, PERMANENT",
        "404, NotFound, PERMANENT",
        "400, InvalidParameter, PERMANENT",
        "400, ThrottlingException, TRANSIENT",
        "400, KMSThrottling, TRANSIENT",
        "429, Throttled, TRANSIENT",
        "403, ExpiredToken, TRANSIENT",
        "400, ServerException, TRANSIENT",
        "500, InternalError, TRANSIENT",
        "403, , PERMANENT"
    })
    void whatAwsAnswers(int status, String code, Failures.Kind kind) {
        SdkException failure = AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();

        assertThat(Failures.kind(failure)).isEqualTo(kind);
        RuntimeException translated = Failures.translate("why", failure);
        assertThat(Failures.kind(translated)).isEqualTo(kind);
        assertThat(translated).hasMessage("why").hasNoCause();
    }

    @Test
    void whatIsNoAnswer() {
        assertThat(Failures.kind(SdkClientException.create("no answer"))).isEqualTo(Failures.Kind.TRANSIENT);
        assertThat(Failures.kind(new IllegalStateException())).isEqualTo(Failures.Kind.TRANSIENT);
        assertThat(Failures.kind(new RetryAfterException("busy", Duration.ofHours(1))))
                .isEqualTo(Failures.Kind.THROTTLED);
    }
}

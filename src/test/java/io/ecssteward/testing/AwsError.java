package io.ecssteward.testing;

import java.util.UUID;

/**
 * An error as AWS words it.
 *
 * @param code such as {@code ThrottlingException}; the SDK chooses its exception class by it
 * @param status the HTTP status
 * @param message what AWS says
 */
public record AwsError(String code, int status, String message) {

    /** Carries an error out of the code that answers a call. */
    static final class Thrown extends RuntimeException {
        private final transient AwsError error;

        Thrown(AwsError error) {
            super(error.code() + ": " + error.message());
            this.error = error;
        }

        AwsError error() {
            return error;
        }
    }

    /** The body of it in the query protocol, which answers in XML. */
    String xml(String namespace) {
        return """
                <ErrorResponse xmlns="%s">
                  <Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error>
                  <RequestId>%s</RequestId>
                </ErrorResponse>
                """.formatted(
                        namespace,
                        status < 500 ? "Sender" : "Receiver",
                        code,
                        message.replace("&", "&amp;").replace("<", "&lt;"),
                        UUID.randomUUID());
    }

    /** An error of the client's making: status 400. */
    static Thrown refusal(String code, String message) {
        return new Thrown(new AwsError(code, 400, message));
    }
}

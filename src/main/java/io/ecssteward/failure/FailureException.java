package io.ecssteward.failure;

/** A failure that reaches a route: {@link PermanentFailureException} or {@link TransientFailureException}. */
public abstract class FailureException extends RuntimeException {
    private final String service;
    private final String code;

    FailureException(String message, String service, String code) {
        super(message);
        this.service = service;
        this.code = code;
    }

    /** The AWS service whose call failed, such as {@code ECS} or {@code Auto Scaling}; null if unknown. */
    public String service() {
        return service;
    }

    /** AWS's error code: {@code AccessDeniedException}; null if AWS did not return one. */
    public String code() {
        return code;
    }
}

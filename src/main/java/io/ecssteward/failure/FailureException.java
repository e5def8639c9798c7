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

    /** The AWS service whose call failed, such as {@code ECS} or {@code Auto Scaling}; null when that is not known. */
    public String service() {
        return service;
    }

    /** What AWS calls it: {@code AccessDeniedException}; null when AWS did not answer it. */
    public String code() {
        return code;
    }
}

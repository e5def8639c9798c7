package io.ecssteward.event;

/**
 * What a container's exit code means. 128 + n is death by signal n, as POSIX shells and container engines have it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html">Stopped
 *     tasks error messages</a>
 */
final class ExitCode {
    private ExitCode() {}

    static String explain(long code) {
        String meaning = switch (Math.toIntExact(Math.max(-1, Math.min(code, 256)))) {
            case 0 -> "success";
            case 1 -> "application error";
            case 125 -> "the container engine failed";
            case 126 -> "the command cannot be executed";
            case 127 -> "command not found";
            case 130 -> "SIGINT";
            case 132 -> "SIGILL";
            case 133 -> "SIGTRAP";
            case 134 -> "SIGABRT: aborted by itself";
            case 135 -> "SIGBUS";
            case 136 -> "SIGFPE";
            case 137 -> "SIGKILL: out of memory, or did not stop in time";
            case 139 -> "SIGSEGV: segmentation fault";
            case 143 -> "SIGTERM: asked to stop";
            case 255 -> "unspecified error";
            default -> "";
        };
        return meaning.isEmpty() ? Long.toString(code) : code + " (" + meaning + ")";
    }
}

package io.ecssteward.event;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a container's exit code means, from the table in {@code stopped-tasks.json}. 128 + n means killed by signal n,
 * as in POSIX shells and container engines; the large ones are Windows codes.
 *
 * @param code the exit code
 * @param name the meaning in a few words
 * @param meaning the meaning in a sentence
 * @param look what to check first
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html">Stopped
 *     tasks error messages</a>
 * @see <a href="https://repost.aws/knowledge-center/ecs-task-stopped">Why is my Amazon ECS task stopped: common exit
 *     codes</a>
 */
record ExitCode(long code, String name, String meaning, String look) {

    private static final Map<Long, ExitCode> KNOWN = StopCause.items(StopCause.TABLE.path("exits"))
            .map(exit -> new ExitCode(
                    exit.path("code").asLong(),
                    exit.path("name").asText(),
                    exit.path("meaning").asText(),
                    exit.path("look").asText()))
            .collect(Collectors.toMap(ExitCode::code, Function.identity()));

    /** The codes of a container that was stopped: by SIGTERM, SIGKILL, or its image's stop signal. */
    private static final Set<Long> WHEN_STOPPED = StopCause.items(StopCause.TABLE.path("whenStopped"))
            .map(code -> code.asLong())
            .collect(Collectors.toUnmodifiableSet());

    /** The table's entry for a code; empty for most codes. */
    static ExitCode of(long code) {
        return KNOWN.getOrDefault(
                code,
                new ExitCode(
                        code,
                        code == 0 ? "success" : "",
                        code == 0 ? "The program ended well." : "The program ended with its own exit code.",
                        "Look at the end of the container's log."));
    }

    /** Whether a container that ECS stops can end with this code. */
    static boolean whenStopped(long code) {
        return WHEN_STOPPED.contains(code);
    }

    /** The code and its meaning: {@code 139 (SIGSEGV: segmentation fault)}. */
    @Override
    public String toString() {
        return name.isEmpty() ? Long.toString(code) : code + " (" + name + ")";
    }
}

package io.ecssteward.event;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a container's exit code means, from the table in {@code stopped-tasks.json}. 128 + n is death by signal n, as
 * POSIX shells and container engines have it; the large ones are those of Windows.
 *
 * @param code the exit code
 * @param name the meaning in a few words
 * @param meaning the meaning in a sentence
 * @param look what to look at first
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

    /** The entry of a code; most have an empty one. */
    static ExitCode of(long code) {
        return KNOWN.getOrDefault(
                code,
                new ExitCode(
                        code,
                        code == 0 ? "success" : "",
                        code == 0 ? "The program ended well." : "The program ended with its own exit code.",
                        "Look at the end of the container's log."));
    }

    /** Whether ECS's own stop can be the cause. */
    static boolean whenStopped(long code) {
        return WHEN_STOPPED.contains(code);
    }

    /** The code and its meaning: {@code 139 (SIGSEGV: segmentation fault)}. */
    @Override
    public String toString() {
        return name.isEmpty() ? Long.toString(code) : code + " (" + name + ")";
    }
}

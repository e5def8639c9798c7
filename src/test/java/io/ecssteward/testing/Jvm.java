package io.ecssteward.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How tests start a JVM that lives for seconds: without the optimizing compiler and with the collector that has no
 * threads of its own. It starts in half of the processor time.
 */
public final class Jvm {
    /** What {@code test.jvm} in the POM gives the JVMs of the tests themselves. */
    public static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private Jvm() {}

    /** The {@code java} that runs this test, those flags, and then these arguments. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of(arguments));
        return command;
    }
}

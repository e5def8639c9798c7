package io.ecssteward.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** ElasticMQ in a process of its own, so that it is not what slows down or ends with those whom it serves. */
public final class SqsProcess implements AutoCloseable {
    private final Process process;
    private final URI endpoint;

    /**
     * Starts it; it ends with this JVM, if it is not closed before.
     *
     * @param log where it writes what it has to say
     */
    public SqsProcess(Path log) {
        String classpath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try {
            process = new ProcessBuilder(Jvm.command("-Xmx512m", "-cp", classpath, SqsProcess.class.getName()))
                    .redirectError(log.toFile())
                    .start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            if (line == null) {
                throw new IOException("it ended; it wrote " + log);
            }
            endpoint = URI.create(line);
        } catch (IOException e) {
            throw new UncheckedIOException("starting ElasticMQ", e);
        }
    }

    /** Where it listens, for {@link Sqs#Sqs(URI)}. */
    public URI endpoint() {
        return endpoint;
    }

    /** Ends it. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process: says where it listens, and ends when whoever started it does. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        out.println(Sqs.startServer());
        while (System.in.read() >= 0) {
            // Nobody writes; the end of the stream is the end of the other process.
        }
        System.exit(0);
    }
}

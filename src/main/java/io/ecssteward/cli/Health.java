package io.ecssteward.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * {@code health}: gets the readiness of the process on this machine, for a container's health check, because the image
 * has neither a shell nor curl. It runs twice a minute in Steward's container, so to save resources it starts neither
 * Camel nor the newer HTTP client.
 */
@CommandLine.Command(
        name = "health",
        description = "Checks whether the instance on this machine is ready.",
        exitCodeList = {"0:ready", "1:not ready, or no answer", "2:the command line is wrong"},
        footer = {
            "",
            "Examples:",
            "  java -jar ecs-steward.jar health",
            "  java -jar ecs-steward.jar health --live --port 9090"
        })
final class Health extends BaseCommand implements Callable<Integer> {

    private static final int TIMEOUT_MILLIS = 5_000;

    @CommandLine.Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:STEWARD_MANAGEMENT_PORT:-8080}",
            description = "The management port. Default: STEWARD_MANAGEMENT_PORT, or 8080.")
    private int port;

    @CommandLine.Option(
            names = "--live",
            description = "Check liveness instead of readiness; an unavailable queue then does not matter.")
    private boolean live;

    @Override
    public Integer call() {
        URI uri = URI.create("http://localhost:" + port + "/observe/health/" + (live ? "live" : "ready"));
        PrintWriter out = spec.commandLine().getOut();
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            int status = connection.getResponseCode();
            try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                out.println(status + " "
                        + (answer == null ? "" : new String(answer.readAllBytes(), StandardCharsets.UTF_8).strip()));
            }
            return status == HttpURLConnection.HTTP_OK ? CommandLine.ExitCode.OK : Main.FAILED;
        } catch (IOException e) {
            out.println(uri + " does not answer: " + e.getMessage());
            return Main.FAILED;
        }
    }
}

package io.ecssteward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {

    private HttpServer steward;
    private final StringWriter said = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        steward = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        steward.start();
    }

    @AfterEach
    void stop() {
        steward.stop(0);
    }

    private void answer(String path, int status, String body) {
        steward.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private int health(String... more) {
        return healthAt(steward.getAddress().getPort(), more);
    }

    private int healthAt(int port, String... more) {
        List<String> arguments = new ArrayList<>(List.of("health", "--port", Integer.toString(port)));
        arguments.addAll(List.of(more));
        String[] typed = arguments.toArray(String[]::new);
        return Main.commandLine(typed).setOut(new PrintWriter(said, true)).execute(typed);
    }

    @Test
    void readyIsZero() {
        answer("/observe/health/ready", 200, "{\"status\":\"UP\"}");

        assertThat(health()).isZero();
        assertThat(said).hasToString("200 {\"status\":\"UP\"}" + System.lineSeparator());
    }

    @Test
    void notReadyIsOneWithTheReason() {
        answer("/observe/health/ready", 503, "{\"status\":\"DOWN\",\"reason\":\"no such queue\"}");

        assertThat(health()).isEqualTo(1);
        assertThat(said.toString()).startsWith("503 ").contains("no such queue");
    }

    @Test
    void anAnswerWithoutABodyIsOneToo() {
        answer("/observe/health/ready", 503, "");
        answer("/observe/health/live", 204, "");

        assertThat(health()).isEqualTo(1);
        assertThat(health("--live")).as("nothing but 200 is well").isEqualTo(1);
    }

    @Test
    void aliveIsAnotherQuestion() {
        answer("/observe/health/ready", 503, "no");
        answer("/observe/health/live", 200, "yes");

        assertThat(health("--live")).isZero();
    }

    @Test
    void noAnswerIsOne() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }

        assertThat(healthAt(nobody)).isEqualTo(1);
        assertThat(said.toString()).contains("http://localhost:" + nobody + "/observe/health/ready does not answer");
    }
}

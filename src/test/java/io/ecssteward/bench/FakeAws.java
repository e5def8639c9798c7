package io.ecssteward.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.ecssteward.bench.FakeQueue.Message;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * SQS, ECS and Slack in a process of their own, on one port and with one thread, so that they take little of the two
 * cores that they share with what is measured. Half of the round trip passes before a request is looked at and half
 * before its answer is sent, and no thread waits for that. Ends with its standard input.
 *
 * <p>SQS is spoken as the SDK speaks it: JSON 1.0, with the MD5 of each body, visibility timeouts, long polls and
 * receive counts. {@code /control/...} is for {@link Bench}.
 */
final class FakeAws {

    static final String ACCOUNT = "111122223333";
    static final String REGION = "eu-west-1";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SQS = "AmazonSQS.";
    private static final String ECS = "AmazonEC2ContainerServiceV20141113.";

    /** One connection: what came and was not read yet, and what could not be sent yet. */
    private static final class Connection {
        final SocketChannel channel;
        byte[] in = new byte[8192];
        int length;
        final ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
        SelectionKey key;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** Something to do later. */
    private record Later(long due, Runnable task) {}

    /** A long poll that found nothing. */
    private record Poll(Connection connection, FakeQueue queue, long arrived, int most, long visibility, long until) {}

    /** Events that come at a rate, and among them Spot interruptions of services of their own at a rate of theirs. */
    private record Load(double perSecond, double spotsPerSecond, long began, long until, FakeQueue queue) {}

    private final Mix mix;
    private final long half;
    private final Selector selector = Selector.open();
    private final MessageDigest md5 = MessageDigest.getInstance("MD5");
    private final Bytes out = new Bytes();
    private final Bytes body = new Bytes();
    private final ByteBuffer read = ByteBuffer.allocateDirect(1 << 16);

    private final PriorityQueue<Later> later = new PriorityQueue<>((a, b) -> Long.compare(a.due() - b.due(), 0));

    private final Map<String, FakeQueue> queues = new HashMap<>();
    private final List<Poll> polls = new ArrayList<>();
    private ServerSocketChannel server;
    private int number;

    private final Map<String, Long> requests = new TreeMap<>();
    private long firstReceive;
    private long answers;
    private long answersNanos;

    private long pid;
    private int chatterLeft = -1;
    private int deleted;
    private ObjectNode drained;
    private long passBegan;
    private long passCpu;
    private long passCompilerCpu;
    private long passMachineCpu;
    private long passOwnCpu;

    private Load load;
    private int loaded;
    private int spots;
    private final Map<Integer, Long> spotSent = new HashMap<>();
    private final List<Double> latencies = new ArrayList<>();

    FakeAws(Mix mix, long roundTripNanos) throws Exception {
        this.mix = mix;
        half = roundTripNanos / 2;
    }

    /** With the round trip in milliseconds and the folder of the samples; prints the port. */
    public static void main(String[] arguments) throws Exception {
        FakeAws fake = new FakeAws(
                new Mix(Path.of(arguments[1])), TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[0])));
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Only its end says anything.
                }
            } catch (IOException e) {
                // The same as its end.
            }
            Runtime.getRuntime().halt(0);
        });
        watch.setDaemon(true);
        watch.start();
        System.out.println(fake.listen());
        fake.serve();
    }

    /** Opens the port and returns it. */
    int listen() throws IOException {
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 200);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Puts a message into a queue, before it serves. */
    void send(String queue, String text) {
        long now = System.nanoTime();
        queue(queue).send(new Message(number++, null, 0, text, now), 0, now);
    }

    /** Serves for ever. */
    void serve() throws IOException {
        while (true) {
            long now = System.nanoTime();
            generate(now);
            while (!later.isEmpty() && later.peek().due() - now <= 0) {
                later.remove().task().run();
            }
            answerPolls(now);
            long wait = Math.min(
                    later.isEmpty() ? 50_000_000 : later.peek().due() - now, load == null ? 50_000_000 : 1_000_000);
            if (wait <= 0) {
                selector.selectNow();
            } else {
                selector.select((wait + 999_999) / 1_000_000);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    accept(server);
                } else {
                    ready(key);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Connection connection = new Connection(channel);
            connection.key = channel.register(selector, SelectionKey.OP_READ, connection);
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isWritable()) {
                flush(connection);
            }
            if (key.isReadable()) {
                read.clear();
                int count = connection.channel.read(read);
                if (count < 0) {
                    close(connection);
                    return;
                }
                read.flip();
                while (connection.length + count > connection.in.length) {
                    connection.in = Arrays.copyOf(connection.in, connection.in.length * 2);
                }
                read.get(connection.in, connection.length, count);
                connection.length += count;
                takeRequests(connection);
            }
        } catch (IOException e) {
            close(connection);
        }
    }

    private void close(Connection connection) {
        polls.removeIf(p -> p.connection() == connection);
        try {
            connection.channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private void takeRequests(Connection connection) throws IOException {
        while (true) {
            int end = endOfHeaders(connection);
            if (end < 0) {
                return;
            }
            String head = new String(connection.in, 0, end, StandardCharsets.ISO_8859_1);
            String length = header(head, "content-length");
            int size = length == null ? 0 : Integer.parseInt(length);
            if (connection.length < end + size) {
                return;
            }
            byte[] content = Arrays.copyOfRange(connection.in, end, end + size);
            System.arraycopy(connection.in, end + size, connection.in, 0, connection.length - end - size);
            connection.length -= end + size;
            String path = head.substring(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1));
            if (path.startsWith("/control/")) {
                send(connection, control(path.substring("/control/".length())).toString());
                continue;
            }
            long now = System.nanoTime();
            String target = header(head, "x-amz-target");
            later.add(new Later(now + half, () -> handle(connection, target == null ? "Slack" : target, content, now)));
        }
    }

    private static int endOfHeaders(Connection connection) {
        byte[] in = connection.in;
        for (int i = 3; i < connection.length; i++) {
            if (in[i] == '\n' && in[i - 1] == '\r' && in[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static String header(String head, String name) {
        for (int line = head.indexOf('\n') + 1; line > 0 && line < head.length(); line = head.indexOf('\n', line) + 1) {
            if (head.regionMatches(true, line, name, 0, name.length()) && head.charAt(line + name.length()) == ':') {
                return head.substring(line + name.length() + 1, head.indexOf('\r', line))
                        .strip();
            }
        }
        return null;
    }

    private void handle(Connection connection, String target, byte[] content, long arrived) {
        String operation = target.substring(target.indexOf('.') + 1);
        requests.merge(operation, 1L, Long::sum);
        out.clear();
        try {
            if (target.startsWith(SQS)) {
                JsonNode request = JSON.readTree(content);
                FakeQueue queue = queue(request.path("QueueUrl").asText());
                if (operation.equals("ReceiveMessage")) {
                    receive(connection, queue, request, arrived);
                    return;
                }
                sqs(operation, queue, request);
            } else if (target.startsWith(ECS)) {
                ecs(operation, JSON.readTree(content));
            } else {
                out.add("ok");
            }
        } catch (IOException e) {
            throw new IllegalStateException("answering " + target, e);
        }
        answer(connection, arrived);
    }

    private void receive(Connection connection, FakeQueue queue, JsonNode request, long arrived) {
        long now = System.nanoTime();
        if (firstReceive == 0) {
            firstReceive = System.currentTimeMillis();
        }
        if (chatterLeft >= 0 && passBegan == 0) {
            beginPass();
        }
        int most = request.path("MaxNumberOfMessages").asInt(1);
        long visibility =
                TimeUnit.SECONDS.toNanos(request.path("VisibilityTimeout").asInt(30));
        long wait = TimeUnit.SECONDS.toNanos(request.path("WaitTimeSeconds").asInt(0));
        if (queue.waiting(now) == 0 && wait > 0) {
            polls.add(new Poll(connection, queue, arrived, most, visibility, now + wait));
        } else {
            answer(connection, arrived, queue.receive(most, visibility, now));
        }
    }

    private void answerPolls(long now) {
        for (int i = 0; i < polls.size(); i++) {
            Poll poll = polls.get(i);
            boolean some = poll.queue().waiting(now) > 0;
            if (some || poll.until() - now <= 0) {
                polls.remove(i--);
                // The round trip of a long poll counts from when there was something.
                answer(poll.connection(), now - half, poll.queue().receive(poll.most(), poll.visibility(), now));
            }
        }
    }

    private void answer(Connection connection, long arrived, List<Message> messages) {
        out.clear().add(messages.isEmpty() ? "{" : "{\"Messages\":[");
        String separator = "";
        for (Message message : messages) {
            out.add(separator)
                    .add("{\"MessageId\":\"m-")
                    .add(message.number)
                    .add("\",\"ReceiptHandle\":\"")
                    .add(message.number)
                    .add("\",\"MD5OfBody\":\"");
            body.clear();
            if (message.body == null) {
                mix.write(message.kind, message.number, message.key, false, body);
                body.digest(md5, out);
                out.add("\",\"Body\":\"");
                mix.write(message.kind, message.number, message.key, true, out);
                out.add("\"");
            } else {
                body.add(message.body.getBytes(StandardCharsets.UTF_8)).digest(md5, out);
                out.add("\",\"Body\":").add(quoted(message.body));
            }
            out.add(",\"Attributes\":{\"ApproximateReceiveCount\":\"")
                    .add(message.receives)
                    .add("\",\"SentTimestamp\":\"1763280000000\"}}");
            separator = ",";
        }
        out.add(messages.isEmpty() ? "}" : "]}");
        answer(connection, arrived);
    }

    private static byte[] quoted(String text) {
        try {
            return JSON.writeValueAsBytes(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sqs(String operation, FakeQueue queue, JsonNode request) {
        long now = System.nanoTime();
        switch (operation) {
            case "DeleteMessage" -> {
                delete(queue, request);
                out.add("{}");
            }
            case "DeleteMessageBatch" -> {
                request.path("Entries").forEach(e -> delete(queue, e));
                successful(request);
            }
            case "ChangeMessageVisibility" -> {
                changeVisibility(queue, request, now);
                out.add("{}");
            }
            case "ChangeMessageVisibilityBatch" -> {
                request.path("Entries").forEach(e -> changeVisibility(queue, e, now));
                successful(request);
            }
            case "SendMessage" -> {
                String text = request.path("MessageBody").asText();
                queue.send(
                        new Message(number++, null, 0, text, now),
                        TimeUnit.SECONDS.toNanos(request.path("DelaySeconds").asInt(0)),
                        now);
                out.add("{\"MessageId\":\"m\",\"MD5OfMessageBody\":\"");
                body.clear().add(text.getBytes(StandardCharsets.UTF_8)).digest(md5, out);
                out.add("\"}");
            }
            case "GetQueueAttributes" ->
                out.add("{\"Attributes\":{\"QueueArn\":\"arn:aws:sqs:" + REGION + ":" + ACCOUNT
                        + ":events\",\"RedrivePolicy\":\"{}\"}}");
            default -> throw new IllegalStateException("not faked: " + operation);
        }
    }

    private void successful(JsonNode request) {
        out.add("{\"Successful\":[");
        String separator = "";
        for (JsonNode entry : request.path("Entries")) {
            out.add(separator).add("{\"Id\":\"").add(entry.path("Id").asText()).add("\"}");
            separator = ",";
        }
        out.add("],\"Failed\":[]}");
    }

    private static void changeVisibility(FakeQueue queue, JsonNode request, long now) {
        queue.changeVisibility(
                request.path("ReceiptHandle").asInt(),
                TimeUnit.SECONDS.toNanos(request.path("VisibilityTimeout").asInt()),
                now);
    }

    private void delete(FakeQueue queue, JsonNode request) {
        Message message = queue.delete(request.path("ReceiptHandle").asInt());
        if (message == null) {
            return;
        }
        deleted++;
        if (message.kind != null && message.kind.chatter && chatterLeft > 0 && --chatterLeft == 0) {
            drained = JSON.createObjectNode()
                    .put("nanos", System.nanoTime() - passBegan)
                    .put("messages", deleted)
                    .put("cpuTicks", Child.cpuTicks(pid) - passCpu)
                    .put("compilerTicks", Child.compilerTicks(pid) - passCompilerCpu)
                    .put("machineTicks", Child.machineTicks() - passMachineCpu)
                    .put("fakeCpuNanos", ownCpu() - passOwnCpu)
                    .put("roundTripNanos", answers == 0 ? 0 : answersNanos / answers);
            drained.set("requests", JSON.valueToTree(requests));
        }
    }

    private void ecs(String operation, JsonNode request) {
        switch (operation) {
            case "DescribeServices" -> {
                ArrayNode services = JSON.createArrayNode();
                String cluster = request.path("cluster").asText();
                request.path("services")
                        .forEach(name -> services.addObject()
                                .put("serviceName", name.asText())
                                .put("clusterArn", "arn:aws:ecs:" + REGION + ":" + ACCOUNT + ":cluster/" + cluster)
                                .put("status", "ACTIVE")
                                .put("schedulingStrategy", "REPLICA")
                                .put("desiredCount", 2)
                                .putArray("deployments"));
                ObjectNode answer = JSON.createObjectNode();
                answer.set("services", services);
                out.add(answer.toString());
            }
            case "UpdateService" -> {
                String service = request.path("service").asText();
                Long sent = service.startsWith(Mix.SPOT_SERVICE)
                        ? spotSent.remove(Integer.valueOf(service.substring(Mix.SPOT_SERVICE.length())))
                        : null;
                if (sent != null) {
                    latencies.add((System.nanoTime() - sent) / 1e6);
                }
                out.add("{\"service\":{\"serviceName\":\"" + service + "\"}}");
            }
            // No cluster and no container instance is found.
            case "DescribeClusters", "DescribeContainerInstances" -> out.add("{}");
            default -> throw new IllegalStateException("not faked: " + operation);
        }
    }

    private void answer(Connection connection, long arrived) {
        int length = out.length();
        Bytes head = body.clear()
                .add("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: ")
                .add(length)
                .add("\r\n\r\n");
        ByteBuffer answer = head.add(out).copy();
        // Counted from its arrival, so that being late the first time is made up for the second.
        later.add(new Later(arrived + 2 * half, () -> {
            answers++;
            answersNanos += System.nanoTime() - arrived;
            write(connection, answer);
        }));
    }

    private void send(Connection connection, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(
                connection,
                body.clear()
                        .add("HTTP/1.1 200 OK\r\nContent-Length: ")
                        .add(bytes.length)
                        .add("\r\n\r\n")
                        .add(bytes)
                        .copy());
    }

    private void write(Connection connection, ByteBuffer bytes) {
        connection.out.add(bytes);
        try {
            flush(connection);
        } catch (IOException e) {
            close(connection);
        }
    }

    private static void flush(Connection connection) throws IOException {
        while (!connection.out.isEmpty()) {
            ByteBuffer first = connection.out.peek();
            connection.channel.write(first);
            if (first.hasRemaining()) {
                connection.key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            connection.out.remove();
        }
        connection.key.interestOps(SelectionKey.OP_READ);
    }

    private FakeQueue queue(String url) {
        return queues.computeIfAbsent(url.substring(url.lastIndexOf('/') + 1), name -> new FakeQueue());
    }

    private static long ownCpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private void beginPass() {
        passBegan = System.nanoTime();
        passCpu = Child.cpuTicks(pid);
        passCompilerCpu = Child.compilerTicks(pid);
        passMachineCpu = Child.machineTicks();
        passOwnCpu = ownCpu();
        requests.clear();
        answers = 0;
        answersNanos = 0;
        deleted = 0;
    }

    private void send(FakeQueue queue, Mix.Kind kind, int key, long now) {
        queue.send(new Message(number++, kind, key, null, now), 0, now);
    }

    private void generate(long now) {
        if (load == null) {
            return;
        }
        double seconds = (Math.min(now, load.until()) - load.began()) / 1e9;
        for (; loaded < seconds * load.perSecond(); loaded++) {
            Mix.Kind kind = Mix.kind(loaded);
            // Spot interruptions come at a rate of their own.
            send(load.queue(), kind == Mix.Kind.SPOT ? Mix.Kind.TASK : kind, loaded % 4, now);
        }
        for (double due = (now - load.began()) / 1e9 * load.spotsPerSecond(); spots < due && now < load.until(); ) {
            sendSpot(load.queue(), now);
            spots++;
        }
        if (now - load.until() >= 0) {
            load = null;
        }
    }

    /** Of a service of its own. */
    private void sendSpot(FakeQueue queue, long now) {
        spotSent.put(number, now);
        send(queue, Mix.Kind.SPOT, number, now);
    }

    private JsonNode control(String command) {
        String[] words = command.split("/");
        ObjectNode answer = JSON.createObjectNode();
        long now = System.nanoTime();
        switch (words[0]) {
            // Everything is forgotten, as for a new run.
            case "reset" -> {
                queues.clear();
                polls.clear();
                requests.clear();
                spotSent.clear();
                latencies.clear();
                load = null;
                drained = null;
                chatterLeft = -1;
                passBegan = 0;
                firstReceive = 0;
                pid = 0;
            }
            case "watch" -> pid = Long.parseLong(words[1]);
            // So many messages of the mix; the pass begins now, or with the first poll.
            case "fill" -> {
                FakeQueue queue = queue("events");
                int count = Integer.parseInt(words[1]);
                int chatter = 0;
                for (int i = 0; i < count; i++) {
                    Mix.Kind kind = Mix.kind(i);
                    chatter += kind.chatter ? 1 : 0;
                    send(queue, kind, i / 100 % 4, now);
                }
                drained = null;
                chatterLeft = chatter;
                passBegan = 0;
                if (words[2].equals("now")) {
                    beginPass();
                }
            }
            // So many findings, each another.
            case "notices" -> {
                for (int i = 0; i < Integer.parseInt(words[2]); i++) {
                    send(queue(words[1]), Mix.Kind.NOTICE, number, now);
                }
            }
            case "spot" -> sendSpot(queue(words[1]), now);
            case "load" -> {
                load = new Load(
                        Double.parseDouble(words[1]),
                        Double.parseDouble(words[2]),
                        now,
                        now + (long) (Double.parseDouble(words[3]) * 1e9),
                        queue("events"));
                loaded = 0;
                spots = 0;
                spotSent.clear();
                latencies.clear();
                passOwnCpu = ownCpu();
            }
            case "state" -> {
                answer.put("firstReceive", firstReceive);
                answer.put("waiting", queue("events").waiting(now));
                answer.put("loading", load != null);
                answer.put("spotsOpen", spotSent.size());
                answer.put("fakeCpuNanos", ownCpu() - passOwnCpu);
                answer.set("requests", JSON.valueToTree(requests));
                answer.set("latencies", JSON.valueToTree(latencies));
                answer.set("drained", drained);
            }
            default -> throw new IllegalArgumentException(command);
        }
        return answer;
    }
}

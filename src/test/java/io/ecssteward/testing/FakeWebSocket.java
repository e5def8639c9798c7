package io.ecssteward.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The server's end of a WebSocket, which a test can also break.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455">RFC 6455</a>
 */
public final class FakeWebSocket {

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Socket socket;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Integer> received = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private String key;

    FakeWebSocket(Socket socket) {
        this.socket = socket;
    }

    static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Reads the request; returns its target. */
    String shakeHands() {
        try {
            InputStream in = socket.getInputStream();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return "";
                }
                request.append((char) next);
            }
            for (String line : request.toString().split("\r\n")) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:")) {
                    key = line.substring(line.indexOf(':') + 1).strip();
                }
            }
            return request.toString().split(" ")[1];
        } catch (IOException e) {
            return "";
        }
    }

    void accept() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void refuse() {
        write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        drop();
    }

    /** Reads until the connection ends. */
    void read(Consumer<String> texts) {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            while (true) {
                int first = in.readUnsignedByte();
                long length = in.readUnsignedByte() & 0x7f;
                length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
                byte[] mask = in.readNBytes(4);
                byte[] bytes = in.readNBytes((int) length);
                if (silent) {
                    continue;
                }
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] ^= mask[i % 4];
                }
                int opcode = first & 0x0f;
                received.add(opcode);
                switch (opcode) {
                    case TEXT, CONTINUATION -> {
                        text.writeBytes(bytes);
                        if ((first & 0x80) != 0) {
                            texts.accept(text.toString(StandardCharsets.UTF_8));
                            text.reset();
                        }
                    }
                    case PING -> frame(true, PONG, bytes);
                    case CLOSE -> {
                        frame(true, CLOSE, bytes);
                        // Slack leaves the connection to the client then.
                        lost.complete(null);
                    }
                    default -> {}
                }
            }
        } catch (IOException e) {
            lost.complete(null);
        } finally {
            ended.countDown();
        }
    }

    /** Done when either side has ended it. */
    public CompletableFuture<Void> lost() {
        return lost;
    }

    public boolean isOpen() {
        return !lost.isDone();
    }

    /** Whether the client is gone for good: its TCP connection is closed. */
    public boolean ended() {
        return ended.getCount() == 0;
    }

    /** How many pings the client sent. */
    public long pings() {
        return received.stream().filter(opcode -> opcode == PING).count();
    }

    /** How many pongs the client sent. */
    public long pongs() {
        return received.stream().filter(opcode -> opcode == PONG).count();
    }

    /** Sends a message; whether the connection took it. */
    public boolean send(String text) {
        return isOpen() && frame(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a message in frames of so many bytes, with a ping in between. */
    public void sendInPieces(String text, int size) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += size) {
            int to = Math.min(bytes.length, from + size);
            frame(to == bytes.length, from == 0 ? TEXT : CONTINUATION, Arrays.copyOfRange(bytes, from, to));
            frame(true, PING, new byte[] {1});
        }
    }

    /** Says that this connection is about to end: {@code warning}, {@code refresh_requested}, {@code link_disabled}. */
    public void disconnect(String reason) {
        frame(
                true,
                TEXT,
                ("{\"type\":\"disconnect\",\"reason\":\"" + reason + "\",\"debug_info\":{\"host\":\"applink-1\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Ends it as the protocol has it. */
    public void close() {
        frame(true, CLOSE, ByteBuffer.allocate(2).putShort((short) 1000).array());
        lost.complete(null);
    }

    /** Resets the TCP connection. */
    public void drop() {
        lost.complete(null);
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    /** Says and hears nothing any more, as behind a firewall that forgot the connection. */
    public void fallSilent() {
        silent = true;
        lost.complete(null);
    }

    private boolean frame(boolean last, int opcode, byte[] bytes) {
        if (silent) {
            return true;
        }
        int extra = bytes.length < 126 ? 0 : bytes.length < 65_536 ? 2 : 8;
        ByteBuffer frame = ByteBuffer.allocate(2 + extra + bytes.length);
        frame.put((byte) ((last ? 0x80 : 0) | opcode));
        frame.put((byte) (extra == 0 ? bytes.length : extra == 2 ? 126 : 127));
        if (extra == 2) {
            frame.putShort((short) bytes.length);
        } else if (extra == 8) {
            frame.putLong(bytes.length);
        }
        return write(frame.put(bytes).array());
    }

    private boolean write(byte[] bytes) {
        try {
            synchronized (socket) {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().flush();
            }
            return true;
        } catch (IOException e) {
            lost.complete(null);
            return false;
        }
    }
}

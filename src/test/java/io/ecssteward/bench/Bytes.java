package io.ecssteward.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** Bytes that are written one after the other, without an object for each. */
final class Bytes {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[4096];
    private int length;

    int length() {
        return length;
    }

    Bytes clear() {
        length = 0;
        return this;
    }

    private void ensureRoom(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }

    Bytes add(byte[] more) {
        ensureRoom(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    Bytes add(Bytes more) {
        ensureRoom(more.length);
        System.arraycopy(more.bytes, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    /** Text in ASCII. */
    Bytes add(String text) {
        ensureRoom(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    Bytes add(long number) {
        return add(Long.toString(number));
    }

    /** Eight digits. */
    Bytes hex(int number) {
        ensureRoom(8);
        for (int shift = 28; shift >= 0; shift -= 4) {
            bytes[length++] = DIGITS[number >>> shift & 15];
        }
        return this;
    }

    /** A time of the day, so many milliseconds after midnight: {@code 00:00:15.342}. */
    Bytes time(int millis) {
        return two(millis / 3_600_000 % 24)
                .add(":")
                .two(millis / 60_000 % 60)
                .add(":")
                .two(millis / 1000 % 60)
                .add(".")
                .digit(millis / 100)
                .digit(millis / 10)
                .digit(millis);
    }

    private Bytes two(int number) {
        return digit(number / 10).digit(number);
    }

    private Bytes digit(int number) {
        ensureRoom(1);
        bytes[length++] = DIGITS[number % 10];
        return this;
    }

    /** The digest of what is here, in hexadecimal digits. */
    void digest(MessageDigest md5, Bytes into) {
        md5.update(bytes, 0, length);
        byte[] digest = md5.digest();
        into.ensureRoom(32);
        for (byte b : digest) {
            into.bytes[into.length++] = DIGITS[b >> 4 & 15];
            into.bytes[into.length++] = DIGITS[b & 15];
        }
    }

    ByteBuffer copy() {
        return ByteBuffer.wrap(Arrays.copyOf(bytes, length));
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

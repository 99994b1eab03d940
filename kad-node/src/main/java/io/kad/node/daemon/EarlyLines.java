package io.kad.node.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Lines of a result that wait for their turn, as bytes, whose number is the memory that they take. Not thread-safe. */
final class EarlyLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Deque<byte[]> lines = new ArrayDeque<>();
    private long size;

    /** Returns {@code line} as {@link #add} takes it. */
    static byte[] bytes(ObjectNode line) {
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    void add(byte[] line) {
        lines.add(line);
        size += line.length;
    }

    /** Returns the bytes of all lines. */
    long size() {
        return size;
    }

    void clear() {
        lines.clear();
        size = 0;
    }

    /** Removes the first line and returns it; null if there is none. */
    byte @Nullable [] poll() {
        byte[] line = lines.poll();
        size -= line == null ? 0 : line.length;
        return line;
    }

    /** Returns the line that has these bytes. */
    static ObjectNode line(byte[] bytes) {
        try {
            return JSON.readValue(bytes, ObjectNode.class);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}

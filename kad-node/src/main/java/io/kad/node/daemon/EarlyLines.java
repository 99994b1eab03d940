package io.kad.node.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Lines of a result that wait for their turn, as bytes, whose number is the memory that they take. Not thread-safe. */
final class EarlyLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<byte[]> lines = new ArrayList<>();
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

    /** Moves the lines to {@code output}, in their order. */
    void moveTo(Consumer<ObjectNode> output) {
        lines.forEach(line -> output.accept(line(line)));
        clear();
    }

    private static ObjectNode line(byte[] bytes) {
        try {
            return JSON.readValue(bytes, ObjectNode.class);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}

package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import io.kad.node.task.TaskCommands;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Line of the input of a session.
 *
 * @param tag the tag without its sign; empty if the line has none
 * @param text the command, a character for each byte
 */
record SessionLine(String tag, String text) {

    static SessionLine of(String line) {
        String trimmed = line.replaceFirst("^[ \\t]+", "");
        if (!trimmed.startsWith("#")) {
            return new SessionLine("", trimmed);
        }
        String[] parts = trimmed.substring(1).split("[ \\t]+", 2);
        return new SessionLine(parts[0], parts.length > 1 ? parts[1] : "");
    }

    /** Returns whether this ends the session. */
    boolean isStop() {
        return text.replaceFirst("[ \\t]+$", "").equals(TaskCommands.STOP);
    }

    /** Returns the command; one that is not UTF-8 is an error, as two commands could become one. */
    String utf8() {
        try {
            return decode(text);
        } catch (CharacterCodingException e) {
            throw new UsageException("invalid line: expected UTF-8", e);
        }
    }

    private static String decode(String bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                .toString();
    }

    /** Returns {@code node} with the tag of this line, if it has one. */
    ObjectNode tagged(ObjectNode node) {
        try {
            return tag.isEmpty() ? node : node.put(OutputLine.TAG, decode(tag));
        } catch (CharacterCodingException e) {
            return node.put(OutputLine.TAG, tag);
        }
    }
}

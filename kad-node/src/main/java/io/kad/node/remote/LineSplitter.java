package io.kad.node.remote;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Reader of a body that passes each line on as it comes, and holds no more than one of bounded size. Called by one thread at a time. */
final class LineSplitter {

    /** Consumer of the lines. */
    interface Lines {

        /** Takes a line without its end; what it throws ends the answer. */
        void line(byte[] line) throws UnusableResponse;
    }

    private final Lines lines;
    private final int maxBytes;
    private ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** Creates a reader of lines of {@code maxBytes} at most. */
    LineSplitter(Lines lines, int maxBytes) {
        this.lines = lines;
        this.maxBytes = maxBytes;
    }

    /** Takes the next bytes. */
    void take(ByteBuffer buffer) throws UnusableResponse {
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (next == '\n') {
                endLine();
            } else if (line.size() < maxBytes) {
                line.write(next);
            } else {
                throw new UnusableResponse("sent a line that exceeds the limit of " + (maxBytes >> 20) + " MiB");
            }
        }
    }

    /** Ends the body, and with it a line that has no end of its own. */
    void end() throws UnusableResponse {
        endLine();
    }

    private void endLine() throws UnusableResponse {
        byte[] ended = line.toByteArray();
        line = new ByteArrayOutputStream();
        if (ended.length > 0) {
            lines.line(ended);
        }
    }
}

package io.kad.node.daemon;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;

/**
 * Input of a session that tells whether all bytes that came have been read and their lines are no longer in hand. It is read by one thread, which
 * takes more bytes only once it is done with the lines before them; {@link #isDrained} may be called by any.
 */
final class CommandInput extends InputStream {

    /** Whether one thread can look for bytes while another one waits for them; on Windows the look at a pipe would wait too. */
    private static final boolean CAN_LOOK = File.separatorChar == '/';

    private final InputStream in;
    private final Runnable onDrained;
    private volatile boolean idle;
    private volatile boolean finished;

    /**
     * Creates an input that has read nothing.
     *
     * @param in must not lock {@code available} while it waits in {@code read}
     * @param onDrained is called by the reader each time before it waits for bytes, and when it has finished
     */
    CommandInput(InputStream in, Runnable onDrained) {
        this.in = in;
        this.onDrained = onDrained;
    }

    /** Returns whether the reader waits for bytes of which none has come, or has finished. */
    boolean isDrained() {
        return finished || (idle && !(CAN_LOOK && hasCome()));
    }

    /** Says that the reader reads no more. */
    void finish() {
        finished = true;
        onDrained.run();
    }

    private boolean hasCome() {
        try {
            return in.available() > 0;
        } catch (IOException closed) {
            return false;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (!hasCome()) {
            idle = true;
            onDrained.run();
        }
        try {
            return in.read(bytes, offset, length);
        } finally {
            idle = false;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }
}

package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Results of a session, whose commands run side by side: those of tagged lines are written as they come, the others in the order of their lines. What
 * comes before its turn is kept, up to a limit. Thread-safe.
 */
final class SessionResults {

    /** Most commands that run, or whose results are not written. If too low, commands wait for each other; if too high, they take memory. */
    static final int MAX_OPEN = 256;

    /** Most bytes of early lines. If too low, results are refused that a user could have; if too high, they take memory. */
    static final int MAX_EARLY = 16 << 20;

    /** Bytes of early lines from which on no further command begins, so that those which run have room for their results. */
    private static final int FULL_EARLY = MAX_EARLY / 2;

    private final Consumer<ObjectNode> output;
    private final Set<Result> open = new LinkedHashSet<>();
    private final Deque<Result> inOrder = new ArrayDeque<>();
    private long earlySize;
    private boolean closed;

    /** Creates the results; {@code output} writes a line. */
    SessionResults(Consumer<ObjectNode> output) {
        this.output = output;
    }

    /** Result of one line. */
    final class Result {

        private final SessionLine line;
        private final EarlyLines early = new EarlyLines();
        private boolean hasLast;
        private boolean ended;

        private Result(SessionLine line) {
            this.line = line;
        }

        /** Writes a line of the result, or keeps it until the results before it have ended. Has no effect after the last line. */
        void write(ObjectNode node) {
            synchronized (SessionResults.this) {
                if (closed || ended || hasLast) {
                    return;
                }
                if (!line.tag().isEmpty() || inOrder.peek() == this) {
                    output.accept(line.tagged(node));
                } else {
                    keep(EarlyLines.bytes(node));
                }
                // Not before: if a line cannot be written, as for want of memory, another one says so
                hasLast |= node.has("ok");
            }
        }

        private void keep(byte[] bytes) {
            if (earlySize + bytes.length <= MAX_EARLY) {
                early.add(bytes);
                earlySize += bytes.length;
            } else {
                earlySize -= early.size();
                early.clear();
                byte[] refusal = EarlyLines.bytes(tooEarly());
                early.add(refusal);
                earlySize += refusal.length;
                hasLast = true;
            }
        }

        /** Ends the result; its last line has been written. */
        void end() {
            synchronized (SessionResults.this) {
                ended = true;
                if (!line.tag().isEmpty()) {
                    open.remove(this);
                }
                try {
                    writeEarly();
                } finally {
                    SessionResults.this.notifyAll();
                }
            }
        }

        /** Writes what was early. If a line cannot be written, the result ends with one that says so. */
        private void flush() {
            try {
                for (byte[] next = early.poll(); next != null; next = early.poll()) {
                    earlySize -= next.length;
                    output.accept(EarlyLines.line(next));
                }
            } catch (Throwable failure) {
                earlySize -= early.size();
                early.clear();
                hasLast = true;
                output.accept(OutputLine.fault(failure));
            }
        }
    }

    private static ObjectNode tooEarly() {
        return OutputLine.error(
                ErrorCode.OVERLOADED,
                "the result is left out: results without a tag wait for those before them, up to 16 MiB together;"
                        + " tag the line, such as #1 get ..., or wait for the results before it");
    }

    /** Writes what is early, up to the first result that has not ended. */
    private void writeEarly() {
        while (!inOrder.isEmpty()) {
            Result first = inOrder.element();
            first.flush();
            if (!first.ended) {
                return;
            }
            open.remove(first);
            inOrder.remove();
        }
    }

    /** Opens the result of the next line, and returns it once there is room for its command, or when this is closed. */
    synchronized Result next(SessionLine line) throws InterruptedException {
        Result result = new Result(line);
        if (!closed) {
            open.add(result);
            if (line.tag().isEmpty()) {
                inOrder.add(result);
            }
        }
        while (open.size() > MAX_OPEN || (earlySize >= FULL_EARLY && inOrder.peek() != result)) {
            wait();
        }
        return result;
    }

    /** Waits until each result is written. */
    synchronized void awaitAll() throws InterruptedException {
        while (!open.isEmpty()) {
            wait();
        }
    }

    /** Makes {@link #end} ask again whether no further line comes. */
    synchronized void recheck() {
        notifyAll();
    }

    /**
     * Waits until no further line comes and each result is written, for {@code nanos} at most; then closes.
     *
     * @param noMoreLines whether each line that came is open or written
     * @return whether all results were written in time
     */
    synchronized boolean end(BooleanSupplier noMoreLines, long nanos, ObjectNode lastLine) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0 && !(noMoreLines.getAsBoolean() && open.isEmpty())) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
        boolean inTime = left > 0;
        close(lastLine);
        return inTime;
    }

    /** Ends each result that has no last line by {@code lastLine}, and writes nothing from now on. */
    synchronized void close(ObjectNode lastLine) {
        for (Result result : List.copyOf(open)) {
            result.flush();
            if (!result.hasLast && !result.ended) {
                output.accept(result.line.tagged(lastLine.deepCopy()));
            }
        }
        open.clear();
        inOrder.clear();
        closed = true;
        notifyAll();
    }
}

package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Answers of a session, whose commands run side by side: those of tagged lines are written as they come, the others in the order of their lines.
 * What comes before its turn is held, up to a limit that new commands wait for. Thread-safe.
 */
final class SessionResults {

    /** Most commands whose answers are not written. If too low, commands wait for each other; if too high, they take memory. */
    static final int MAX_OPEN = 256;

    /** Characters of held lines from which on no further command begins. If too low, they wait for each other; if too high, they take memory. */
    private static final long MAX_EARLY = 16 << 20;

    private final Consumer<ObjectNode> output;
    private final Set<Result> open = new LinkedHashSet<>();
    private final Deque<Result> inOrder = new ArrayDeque<>();
    private long earlySize;
    private boolean closed;

    /** Creates the answers; {@code output} writes a line. */
    SessionResults(Consumer<ObjectNode> output) {
        this.output = output;
    }

    /** Result of one line. */
    final class Result {

        private final SessionLine line;
        private final List<ObjectNode> early = new ArrayList<>();
        private long size;
        private boolean ended;

        private Result(SessionLine line) {
            this.line = line;
        }

        /** Writes a line of the answer, or holds it until the answers before it have ended. */
        void write(ObjectNode node) {
            synchronized (SessionResults.this) {
                if (closed || ended) {
                    return;
                }
                ObjectNode tagged = line.tagged(node);
                if (!line.tag().isEmpty() || inOrder.peek() == this) {
                    output.accept(tagged);
                } else {
                    early.add(tagged);
                    int length = tagged.toString().length();
                    size += length;
                    earlySize += length;
                }
            }
        }

        /** Ends the answer; its last line has been written. */
        void end() {
            synchronized (SessionResults.this) {
                ended = true;
                if (!line.tag().isEmpty()) {
                    open.remove(this);
                }
                writeEarly();
                SessionResults.this.notifyAll();
            }
        }

        private void flush() {
            early.forEach(output);
            early.clear();
            earlySize -= size;
            size = 0;
        }
    }

    /** Writes what was held, up to the first answer that has not ended. */
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

    /** Returns the answer to the next line, once there is room for it. */
    synchronized Result next(SessionLine line) throws InterruptedException {
        while (open.size() >= MAX_OPEN || earlySize >= MAX_EARLY) {
            wait();
        }
        Result answer = new Result(line);
        open.add(answer);
        if (line.tag().isEmpty()) {
            inOrder.add(answer);
        }
        return answer;
    }

    /** Waits until each answer is written; returns whether that is so within {@code nanos}. */
    synchronized boolean awaitAll(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        while (!open.isEmpty() && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
        return open.isEmpty();
    }

    /** Ends each answer that has not ended by that line, and writes nothing from now on. */
    synchronized void close(ObjectNode lastLine) {
        for (Result answer : List.copyOf(open)) {
            answer.flush();
            if (!answer.ended) {
                output.accept(answer.line.tagged(lastLine.deepCopy()));
            }
        }
        open.clear();
        inOrder.clear();
        closed = true;
        notifyAll();
    }
}

package io.kad.node.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.output.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a session whose reader gets its lines when the test says so. */
@Timeout(120)
class SessionEndTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final GatedInput input = new GatedInput("#a ping hello\n#b ping hello\n");
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    /** Input that has the lines from {@link #arrive} on, and gives them to the reader from {@link #gate} on, as a machine that is busy does. */
    private static final class GatedInput extends InputStream {

        private final byte[] lines;
        private final CountDownLatch waits = new CountDownLatch(1);
        private final CountDownLatch gate = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile int left;
        private boolean isTaken;

        private GatedInput(String lines) {
            this.lines = lines.getBytes(StandardCharsets.UTF_8);
        }

        private void arrive() {
            left = lines.length;
        }

        @Override
        public int available() {
            return left;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            waits.countDown();
            await(isTaken ? end : gate);
            if (isTaken) {
                return -1;
            }
            isTaken = true;
            left = 0;
            System.arraycopy(lines, 0, bytes, offset, lines.length);
            return lines.length;
        }

        private static void await(CountDownLatch latch) throws IOException {
            try {
                latch.await();
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read by blocks");
        }
    }

    private StdinSession start() {
        Kademlia unused = (Kademlia) Proxy.newProxyInstance(
                Kademlia.class.getClassLoader(), new Class<?>[] {Kademlia.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        return StdinSession.start(unused, NodeSetup.UNKNOWN, new Output(out, out, true), input, () -> {});
    }

    @AfterEach
    void end() {
        input.gate.countDown();
        input.end.countDown();
    }

    /** Opens the gate once the end of {@code session} waits for results, or is over. */
    private void endBeforeTheGateOpens(StdinSession session) throws Exception {
        FutureTask<Object> end = new FutureTask<>(session::end);
        Thread thread = new Thread(end, "end");
        thread.start();
        await().atMost(LONG)
                .until(() -> end.isDone()
                        || (thread.getState() == Thread.State.TIMED_WAITING
                                && List.of(thread.getStackTrace())
                                        .toString()
                                        .contains(SessionResults.class.getName())));
        input.gate.countDown();
        end.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private void assertThatBothLinesHaveAResult() {
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        first -> assertThat(first).contains("the node is stopping", "\"id\":\"a\""),
                        second -> assertThat(second).contains("the node is stopping", "\"id\":\"b\""));
    }

    @Test
    void linesThatTheReaderKnowsOfAreReadBeforeTheLastLine() throws Exception {
        input.arrive();
        StdinSession session = start();
        GatedInput.await(input.waits);
        endBeforeTheGateOpens(session);
        assertThatBothLinesHaveAResult();
    }

    @Test
    void linesThatCameWhileTheReaderWaitedAreReadBeforeTheLastLine() throws Exception {
        StdinSession session = start();
        GatedInput.await(input.waits);
        input.arrive();
        endBeforeTheGateOpens(session);
        assertThatBothLinesHaveAResult();
    }

    /** The reader may wait for the next line forever. */
    @Test
    void aReaderThatWaitsDoesNotDelayTheLastLine() throws Exception {
        StdinSession session = start();
        GatedInput.await(input.waits);
        assertThat(session.end().path("event").asText()).isEqualTo("stopped");
        assertThat(written.size()).isZero();
    }
}

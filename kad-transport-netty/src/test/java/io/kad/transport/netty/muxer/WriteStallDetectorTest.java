package io.kad.transport.netty.muxer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a connection whose bytes wait to be sent has stalled; on virtual time. */
class WriteStallDetectorTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private boolean waiting;
    private int stalls;
    private final WriteStallDetector detector;

    WriteStallDetectorTest() {
        channel.freezeTime();
        detector = new WriteStallDetector(channel.eventLoop(), Duration.ofSeconds(20), () -> waiting, () -> stalls++);
    }

    @AfterEach
    void close() {
        channel.close();
    }

    private void write() {
        detector.written(waiting);
        waiting = true;
    }

    private void seconds(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void bytesThatWaitForTheWholeTimeAreAStall() {
        write();
        seconds(19);
        write();
        assertThat(stalls).isZero();
        seconds(1);
        assertThat(stalls).isEqualTo(1);
    }

    @Test
    void progressStartsTheTimeAgain() {
        write();
        seconds(19);
        detector.progressed();
        seconds(19);
        assertThat(stalls).isZero();
        seconds(1);
        assertThat(stalls).isEqualTo(1);
    }

    /** The detector still watches from an earlier write, whose bytes were sent long ago. */
    @Test
    void theTimeBeforeTheFirstByteThatWaitsDoesNotCount() {
        write();
        detector.progressed();
        waiting = false;
        seconds(15);
        write();
        seconds(19);
        assertThat(stalls).isZero();
        seconds(1);
        assertThat(stalls).isEqualTo(1);
    }

    @Test
    void nothingStallsWhileNoneWaits() {
        write();
        waiting = false;
        seconds(60);
        write();
        seconds(19);
        assertThat(stalls).isZero();
        detector.stop();
        seconds(60);
        assertThat(stalls).isZero();
    }
}

package io.kad.store.rocksdb.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.kad.api.spi.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rocksdb.RocksDBException;

@Timeout(60)
class LogSyncTest {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    /** Lets the first sync wait. */
    private final CountDownLatch release = new CountDownLatch(1);

    private volatile boolean firstWaits;
    private volatile boolean logFails;
    private volatile boolean filesFail;
    private final LogSync sync = new LogSync(
            wait -> call("log", logFails),
            wait -> call("files", filesFail),
            new SyncTimes(Metrics.NONE, System::nanoTime));

    private void call(String step, boolean fails) throws RocksDBException {
        boolean first = calls.isEmpty();
        calls.add(step);
        if (first && firstWaits) {
            awaitRelease();
        }
        if (fails) {
            throw new RocksDBException("input/output error in " + step);
        }
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A writer that syncs on a thread of its own. */
    private static final class Writer {

        private final FutureTask<Void> result;
        private final Thread thread;

        Writer(LogSync sync) {
            this(sync, new DiskWait(Duration.ofMinutes(1), System::nanoTime));
        }

        Writer(LogSync sync, DiskWait wait) {
            result = new FutureTask<>(() -> {
                sync.run(wait);
                return null;
            });
            thread = new Thread(result);
            thread.setDaemon(true);
            thread.start();
        }

        void awaitEndOrWait() {
            await().until(() -> result.isDone() || thread.getState() == Thread.State.TIMED_WAITING);
        }

        void awaitSuccess() throws Exception {
            result.get(30, TimeUnit.SECONDS);
        }

        boolean hasFailed() {
            try {
                awaitSuccess();
                return false;
            } catch (Exception e) {
                return true;
            }
        }

        void awaitFailure(String message) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> result.get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(RocksDBException.class)
                    .withMessageContaining(message);
        }
    }

    /** Returns a writer whose sync waits for {@link #release}. */
    private Writer waitingWriter(LogSync used) {
        firstWaits = true;
        Writer writer = new Writer(used);
        await().until(() -> !calls.isEmpty());
        return writer;
    }

    private Writer writerBehind() {
        Writer writer = new Writer(sync);
        writer.awaitEndOrWait();
        return writer;
    }

    private void run() throws RocksDBException {
        sync.run(DiskWait.start());
    }

    @AfterEach
    void endThreads() {
        release.countDown();
    }

    @Test
    void aLogThatIsCompleteIsSynced() throws RocksDBException {
        run();
        run();
        assertThat(calls).containsExactly("log", "log");
    }

    @Test
    void aThreadThatIsInterruptedSyncsIfNoOtherSyncRuns() throws RocksDBException {
        Thread.currentThread().interrupt();
        try {
            run();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(calls).containsExactly("log");
    }

    @Test
    void aWriterWhoseTimeIsOverFailsAlone() throws Exception {
        AtomicInteger syncs = new AtomicInteger();
        AtomicBoolean stalled = new AtomicBoolean();
        LogSync other = new LogSync(
                wait -> {
                    int number = syncs.incrementAndGet();
                    if (number == 1) {
                        awaitRelease();
                    } else if (number == 2) {
                        throw new RocksDBException("input/output error");
                    }
                },
                wait -> {
                    if (!stalled.getAndSet(true)) {
                        throw new RocksDBException(BatchWriter.STALLED);
                    }
                },
                new SyncTimes(Metrics.NONE, System::nanoTime));
        Writer first = new Writer(other);
        await().until(() -> syncs.get() == 1);
        List<Writer> sharing = List.of(new Writer(other), new Writer(other));
        sharing.forEach(Writer::awaitEndOrWait);
        release.countDown();
        first.awaitSuccess();
        assertThat(sharing.stream().filter(Writer::hasFailed)).hasSize(1);
    }

    @Test
    void afterAFailureEverythingIsWrittenToOtherFilesOnce() throws RocksDBException {
        logFails = true;
        run();
        logFails = false;
        run();
        assertThat(calls).containsExactly("log", "files", "log");
    }

    @Test
    void aLogThatMayHaveAGapIsNeverTrustedUntilEverythingWasWritten() throws RocksDBException {
        logFails = true;
        filesFail = true;
        assertThatExceptionOfType(RocksDBException.class).isThrownBy(this::run).withMessageContaining("files");
        logFails = false;
        assertThatExceptionOfType(RocksDBException.class).isThrownBy(this::run).withMessageContaining("files");
        filesFail = false;
        run();
        run();
        assertThat(calls).containsExactly("log", "files", "files", "files", "log");
    }

    @Test
    void aSyncThatBeganBeforeAWriteDoesNotCoverItAndTheNextOneCoversAllThatWait() throws Exception {
        Writer first = waitingWriter(sync);
        List<Writer> others = List.of(writerBehind(), writerBehind(), writerBehind());
        release.countDown();

        first.awaitSuccess();
        for (Writer other : others) {
            other.awaitSuccess();
        }
        assertThat(calls).containsExactly("log", "log");
    }

    @Test
    void aFailureReachesEachWriterThatTheSyncCovers() throws Exception {
        Writer first = waitingWriter(sync);
        List<Writer> others = List.of(writerBehind(), writerBehind(), writerBehind());
        logFails = true;
        filesFail = true;
        release.countDown();

        first.awaitSuccess();
        others.forEach(other -> other.awaitFailure("input/output error in files"));
        assertThat(calls).containsExactly("log", "log", "files");
    }

    @Test
    void noSyncSucceedsBesideOneWhoseFailureIsNotKnownYet() throws Exception {
        logFails = true;
        filesFail = true;
        Writer first = waitingWriter(sync);
        logFails = false;
        Writer second = writerBehind();
        release.countDown();

        first.awaitFailure("files");
        second.awaitFailure("files");
        assertThat(calls).containsExactly("log", "files", "files");
    }

    @Test
    void aWriterWaitsForTheSyncOfAnotherOneForALimitedTime() throws Exception {
        Writer first = waitingWriter(sync);
        new Writer(sync, new DiskWait(Duration.ofMillis(50), System::nanoTime)).awaitFailure(BatchWriter.STALLED);
        release.countDown();
        first.awaitSuccess();
        assertThat(calls).containsExactly("log");
    }

    @Test
    void timeInWhichTheProcessStoodStillDoesNotCount() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        DiskWait wait = new DiskWait(
                BatchWriter.MAX_STALL, () -> Math.min(looks.incrementAndGet(), 4) * BatchWriter.MAX_STALL.toNanos());
        Writer first = waitingWriter(sync);
        Writer behind = new Writer(sync, wait);
        await().until(() -> looks.get() > 4);
        release.countDown();
        first.awaitSuccess();
        behind.awaitSuccess();
        assertThat(calls).containsExactly("log", "log");
    }
}

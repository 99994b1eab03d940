package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.local;
import static io.kad.store.rocksdb.StoreFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls that wait for a call that hangs. */
@Timeout(120)
class WaitingTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    @TempDir
    private Path directory;

    /** Starts a write that hangs until the end of the test. */
    private void hang(RecordStore store) throws InterruptedException {
        threads.execute(() -> {
            try {
                store.update(local(0).key(), stored -> {
                    hanging.countDown();
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Optional.empty();
                });
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        });
        hanging.await();
    }

    private CompletableFuture<Optional<StoreException>> putInBackground(RecordStore store, int number) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        put(store, local(number));
                        return Optional.empty();
                    } catch (StoreException e) {
                        return Optional.of(e);
                    }
                },
                threads);
    }

    private CompletableFuture<Void> closeInBackground(RecordStore store) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        store.close();
                    } catch (StoreException e) {
                        throw new AssertionError(e);
                    }
                },
                threads);
    }

    @AfterEach
    void endThreads() throws InterruptedException {
        end.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void writersBehindAHangingOneFailTogether() throws Exception {
        RecordStore store = new StoreFixture(directory).records();
        hang(store);
        var failures = IntStream.range(1, 9)
                .mapToObj(number -> putInBackground(store, number))
                .toList();

        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure.get(LONG.toSeconds(), TimeUnit.SECONDS))
                        .get()
                        .isInstanceOf(StoreException.Failed.class)
                        .extracting(Throwable::getMessage)
                        .isEqualTo("the store failed: write stalled for 10 s: the disk is too slow or full"));
        end.countDown();
        store.close();
    }

    @Test
    void closingADatabaseBlocksNoOther() throws Exception {
        RecordStore busy = new StoreFixture(directory.resolve("a")).records();
        hang(busy);
        CompletableFuture<Void> closing = closeInBackground(busy);
        // Whenever closing begins, others are opened and closed meanwhile
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(
                    () -> {
                        try (RecordStore store = new StoreFixture(directory.resolve("b")).records()) {
                            put(store, local(1));
                        } catch (StoreException e) {
                            throw new AssertionError(e);
                        }
                    },
                    threads);
            other.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(closing).isNotDone();
        end.countDown();
        closing.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aDatabaseThatIsBeingClosedIsOpenedAgainAfterwards() throws Exception {
        RecordStore busy = new StoreFixture(directory).records();
        hang(busy);
        CompletableFuture<Void> closing = closeInBackground(busy);
        end.countDown();
        closing.get(LONG.toSeconds(), TimeUnit.SECONDS);
        new StoreFixture(directory).records().close();
    }
}

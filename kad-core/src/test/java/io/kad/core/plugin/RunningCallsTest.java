package io.kad.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.RecordKey;
import io.kad.core.peer.HeapProviderStore;
import io.kad.core.peer.HeapRecordStore;
import io.kad.core.peer.TestIdentity;
import io.kad.core.runtime.RecordedLog;
import io.kad.core.runtime.RecordingTransport;
import io.kad.core.runtime.StallingValidator;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call of a plug-in that never returns is named, though nothing measures it at its end. */
class RunningCallsTest {

    private final RecordedLog log = new RecordedLog(RunningCalls.class);
    private final RunningCalls calls = new RunningCalls();

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void aCallThatTwoLooksFindIsNamedOnceWithItsThreadAndItsPlace() {
        calls.begin(HeapRecordStore.class);
        calls.look();
        assertThat(log.lines).isEmpty();
        calls.look();
        calls.look();

        assertThat(log.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(
                                "WARN a call of " + HeapRecordStore.class.getName() + " has not returned for 1000 ms")
                        .contains(Thread.currentThread().getName())
                        .contains("getStackTrace"));
    }

    @Test
    void callsThatReturnAreNotNamedHoweverManyThereAre() {
        for (int i = 0; i < 100; i++) {
            calls.begin(HeapRecordStore.class);
            calls.look();
            calls.end();
            calls.begin(HeapRecordStore.class);
            calls.look();
            calls.end();
        }
        calls.look();
        calls.look();

        assertThat(log.lines).isEmpty();
    }

    @Test
    void theInnermostCallIsNamedAndTheOuterOneAgainOnceThatHasReturned() {
        calls.begin(HeapRecordStore.class);
        calls.begin(StallingValidator.class);
        calls.look();
        calls.look();
        assertThat(log.lines).singleElement().asString().contains(StallingValidator.class.getName());
        calls.end();
        calls.look();
        assertThat(log.lines).hasSize(1);
        calls.look();
        assertThat(log.lines).hasSize(2).last().asString().contains(HeapRecordStore.class.getName());
    }

    @Test
    void threadsThatHaveEndedAreForgotten() throws InterruptedException {
        Thread thread = new Thread(() -> {
            calls.begin(HeapRecordStore.class);
            calls.end();
        });
        thread.start();
        thread.join();
        assertThat(calls.threads()).isEqualTo(1);
        calls.look();

        assertThat(calls.threads()).isZero();
    }

    @Test
    void aStoreOfABuiltPeerThatNeverReturnsIsNamed() {
        HeapRecordStore records = new HeapRecordStore();
        CountDownLatch end = new CountDownLatch(1);
        records.onCall = () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        Kademlia peer = Kademlia.builder()
                .identity(TestIdentity.of(0))
                .config(KademliaConfig.of("/test/kad/1.0.0"))
                .transport(new RecordingTransport())
                .recordStore(records)
                .providerStore(new HeapProviderStore())
                .build();
        Thread user = new Thread(() -> {
            var unused = peer.removeRecord(RecordKey.utf8("/app/x"));
        });
        try (peer) {
            user.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> !log.lines.isEmpty());
            end.countDown();
        }

        assertThat(log.lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains(HeapRecordStore.class.getName())
                        .contains("CountDownLatch.await"));
    }
}

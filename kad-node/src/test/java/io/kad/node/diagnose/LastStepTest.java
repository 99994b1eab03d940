package io.kad.node.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A diagnosis whose last step hangs, as on a disk, and that is cancelled meanwhile. */
@Timeout(60)
class LastStepTest {

    private final NodeSetup setup = NodeSetup.ofRunning(List.of(), Optional.empty());
    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private Kademlia kad;

    @BeforeEach
    void start() {
        kad = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.CLIENT).build())
                .build();
    }

    @AfterEach
    void stop() {
        goesOn.countDown();
        kad.close();
    }

    /** Takes the lines; that of the disk for as long as a disk may hang. */
    private void take(ObjectNode line) {
        if (line.path("name").asText().equals(CheckName.DISK.text())) {
            hangs.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void cancelInTheLastStep() throws InterruptedException {
        CompletableFuture<ObjectNode> end =
                new Diagnosis(kad, setup, this::take, Duration.ofMinutes(5)).run(closed::countDown);
        hangs.await();
        end.cancel(false);
    }

    @Test
    void aLastStepThatHangsKeepsTheSlot() throws Exception {
        cancelInTheLastStep();
        assertThat(closed.getCount()).isOne();
        goesOn.countDown();
        closed.await();
    }

    @Test
    void aFaultThatNobodyWasToldIsToldByTheNextDiagnosis() throws Exception {
        cancelInTheLastStep();
        goesOn.countDown();
        closed.await();
        awaitNoThread();
        Check next = LimitsCheck.of(Map.of("limit-connections", 3L), setup);
        assertThat(next.detail()).isEqualTo("since the start max-connections: 3 times");
    }

    private static void awaitNoThread() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(DiagnosisThreads.NAME)));
    }

    @Test
    void aFaultThatWasToldIsComparedWithLater() throws Exception {
        goesOn.countDown();
        new Diagnosis(kad, setup, this::take, Duration.ofMinutes(5))
                .run(closed::countDown)
                .get();
        closed.await();
        long later = System.nanoTime() + ReachedLimits.SHORTEST.toNanos();
        assertThat(setup.limits().lately(Map.of(), later).text()).isEqualTo("in the last 10 min");
    }
}

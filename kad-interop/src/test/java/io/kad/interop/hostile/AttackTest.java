package io.kad.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each attack of a table against one node, and honest peers beside it.
 *
 * <p>During the attack and after it, the honest peers are served in time; the memory of the node grows by less than {@link #MAX_GROWTH}, its
 * threads are as many as without an attack, and its log does not repeat itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class AttackTest {

    private static final long MAX_GROWTH = 32 * Usage.MIB;

    /** Threads that a node has without load, and those of the pools that it starts under load. */
    private static final int MAX_THREADS = 20 + 8 * Runtime.getRuntime().availableProcessors();

    private static final int MAX_LINES_OF_A_KIND = 2;
    private static final long ATTACK_NANOS = TimeUnit.SECONDS.toNanos(2L * Target.FACTOR);

    private final ExecutorService hostile = Executors.newCachedThreadPool();
    private NodeUnderAttack node;
    private HonestPeers honest;

    /** Returns the attacks. */
    abstract List<Attack> attacks();

    static Attack attack(String name, Attack.Action action) {
        return new Attack(name, action);
    }

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        node = new NodeUnderAttack(directory);
        honest = new HonestPeers(node.info());
        honest.warmUp();
    }

    @AfterAll
    void end() throws IOException {
        hostile.shutdownNow();
        honest.close();
        node.close();
        assertThat(node.process().findings()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void theNodeHoldsItsGround(Attack attack) throws Exception {
        int linesBefore = node.logged().size();
        Usage before = node.usage();
        List<Usage> during = new ArrayList<>();
        try (Target target = new Target(node)) {
            Future<?> running = hostile.submit(() -> {
                attack.action().run(target);
                return null;
            });
            long end = System.nanoTime() + ATTACK_NANOS;
            do {
                honest.round();
                during.add(node.usage());
            } while (!running.isDone() && System.nanoTime() < end);
            target.finish();
            honest.round();
            during.add(node.usage());
            awaitEnd(running, target);
        }
        honest.round();
        assertBounded(before, during);
        assertQuiet(linesBefore);
    }

    /** Waits for the attack; one that waits for the node to read ends when its connections do. */
    private static void awaitEnd(Future<?> running, Target target) throws Exception {
        try {
            running.get(20, TimeUnit.SECONDS);
        } catch (TimeoutException blocked) {
            target.close();
            try {
                running.get(20, TimeUnit.SECONDS);
            } catch (ExecutionException ended) {
                assertThat(ended.getCause()).isInstanceOf(IOException.class);
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AssertionError wrong) {
                throw wrong;
            }
            // the node has ended a connection
            assertThat(failed.getCause()).isInstanceOf(IOException.class);
        }
    }

    private static void assertBounded(Usage before, List<Usage> during) {
        long most = during.stream().mapToLong(Usage::memory).max().orElseThrow();
        assertThat(most - before.memory()).as("growth of heap and direct memory").isLessThan(MAX_GROWTH);
        assertThat(during).allSatisfy(usage -> assertThat(usage.threads()).isLessThanOrEqualTo(MAX_THREADS));
    }

    private void assertQuiet(int linesBefore) {
        List<String> lines = node.logged();
        lines.subList(linesBefore, lines.size()).stream()
                .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()))
                .forEach((kind, count) -> {
                    if (count > MAX_LINES_OF_A_KIND) {
                        fail("logged " + count + " times: " + kind);
                    }
                });
    }
}

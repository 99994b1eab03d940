package io.kad.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.kad.transport.netty.hostile.HandMadeStack;
import io.kad.transport.netty.support.Closing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
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
import org.junit.jupiter.params.provider.Arguments;
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
    private final List<String> faultsAtTheEnd = new ArrayList<>();
    private Path directory;
    private NodeUnderAttack node;
    private HonestPeers honest;

    /** Returns the attacks. */
    abstract List<Attack> attacks();

    /** Returns what the node listens on, one after the other; all attacks run over each. */
    List<HandMadeStack> stacks() {
        return List.of(HandMadeStack.TCP_NOISE);
    }

    /** Returns the attacks over each stack; with the property {@code kad.hostile.only}, those whose stack and name contain it. */
    private List<Arguments> chosenAttacks() {
        String only = System.getProperty("kad.hostile.only", "");
        return stacks().stream()
                .flatMap(stack -> attacks().stream()
                        .filter(attack -> (stack + " " + attack.name()).contains(only))
                        .map(attack -> Arguments.of(stack, attack)))
                .toList();
    }

    static Attack attack(String name, Attack.Action action) {
        return new Attack(name, action);
    }

    @BeforeAll
    void keepKeysIn(@TempDir Path kept) {
        directory = kept;
    }

    /** Starts a node on {@code stack}, unless it runs. */
    private void start(HandMadeStack stack) throws IOException {
        if (node != null && node.stack() == stack) {
            return;
        }
        faultsAtTheEnd.addAll(end());
        node = new NodeUnderAttack(Files.createTempDirectory(directory, stack.name()), stack);
        honest = new HonestPeers(node.info());
        honest.warmUp();
    }

    /** Ends the node, which no later attack uses; returns what it has done wrong, and what has gone wrong in its end. */
    private List<String> end() {
        HonestPeers served = honest;
        NodeUnderAttack ended = node;
        honest = null;
        node = null;
        List<String> faults = new ArrayList<>();
        Throwable failure = catchThrowable(() -> Closing.all(Arrays.asList(served, ended)));
        if (failure != null) {
            faults.add(failure.toString());
        }
        if (ended != null) {
            faults.addAll(ended.process().findings());
        }
        return faults;
    }

    @AfterAll
    void endAll() {
        hostile.shutdownNow();
        faultsAtTheEnd.addAll(end());
        assertThat(faultsAtTheEnd).as("faults of nodes in their end").isEmpty();
    }

    /**
     * After a failure the next attack has a node of its own: this one may be down, or show the same finding again. What is wrong with it is part of the
     * failure. Of a node that has held its ground, what goes wrong in its end fails the class, and no attack.
     */
    @ParameterizedTest
    @MethodSource("chosenAttacks")
    void theNodeHoldsItsGround(HandMadeStack stack, Attack attack) throws Exception {
        try {
            start(stack);
            assertHoldsItsGround(attack);
        } catch (Exception | Error failure) {
            Thread.interrupted(); // by the timeout: the end of the node would not be waited for
            end().forEach(fault -> failure.addSuppressed(new AssertionError("the node: " + fault)));
            throw failure;
        }
    }

    private void assertHoldsItsGround(Attack attack) throws Exception {
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
            boolean ended = hasEnded(running, 10);
            honest.round();
            during.add(node.usage());
            if (!ended) {
                // it waits for the node to read
                target.disconnect();
                assertThat(hasEnded(running, 20)).as("the attack has ended").isTrue();
            }
            assertThat(target.connections()).as("connections of the attack").isPositive();
            assertThat(target.faults()).as("faults of the attack itself").isEmpty();
        }
        honest.round();
        assertBounded(before, during);
        assertQuiet(linesBefore);
        assertThat(node.process().findings()).isEmpty();
    }

    /** Waits for the attack; returns whether it has ended, because it was complete or because the node has ended a connection. */
    private static boolean hasEnded(Future<?> running, int seconds) throws InterruptedException {
        try {
            running.get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException blocked) {
            return false;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AssertionError wrong) {
                throw wrong;
            }
            assertThat(failed.getCause()).isInstanceOf(IOException.class);
            return true;
        }
    }

    private static void assertBounded(Usage before, List<Usage> during) {
        Usage most = Collections.max(during, Comparator.comparingLong(Usage::memory));
        assertThat(most.memory() - before.memory())
                .as("growth of memory from %s to %s", before, most)
                .isLessThan(MAX_GROWTH);
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

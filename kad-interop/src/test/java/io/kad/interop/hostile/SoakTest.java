package io.kad.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Identity;
import io.kad.api.Mode;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node under load for minutes: 64 connections with 32 queries in flight each, while connections are reset, and peers disconnect, die, and come
 * back at another address.
 *
 * <p>The property {@code kad.soak.minutes} is how long. What the process holds in the last third of that time is compared with the second
 * third, the median of each: heap and direct memory may be a tenth and 8 MiB more, threads 4, descriptors 16.
 */
class SoakTest {

    private static final int CONNECTIONS = 64;
    private static final int SERVERS = 4;
    private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("kad.soak.minutes", 5));
    private static final long SAMPLE_SECONDS = Math.max(1, TIME.toSeconds() / 150);
    private static final long PAUSE_MILLIS = 100;
    private static final byte[] KAD = HandMadePeer.proposal(NodeUnderAttack.PROTOCOL);

    private final Random random = new Random(1);
    private final List<Identity> identities = new ArrayList<>();
    private final List<SoakPeer> peers = new ArrayList<>();
    private final List<Usage> samples = new ArrayList<>();
    /** How often each harm was done, by the number drawn. */
    private final int[] strikes = new int[10];

    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();

    @Test
    void nothingGrows(@TempDir Path directory) throws Exception {
        try (NodeUnderAttack node = new NodeUnderAttack(directory)) {
            for (int number = 0; number < CONNECTIONS; number++) {
                identities.add(Target.identity());
                peers.add(start(node, number));
            }
            run(node);
            // a peer that was struck just now may be on its way
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(peers)
                            .as("all peers are connected, each with its queries in flight")
                            .allMatch(SoakPeer::isBusy));
            closePeers();
            print();
            assertFlat();
            assertThat(node.process().findings()).isEmpty();
        } finally {
            closePeers();
        }
    }

    private void closePeers() {
        peers.parallelStream().forEach(SoakPeer::close);
    }

    private SoakPeer start(NodeUnderAttack node, int number) {
        Mode mode = number < SERVERS ? Mode.SERVER : Mode.CLIENT;
        return new SoakPeer(identities.get(number), node.info(), mode, done, failed);
    }

    private void run(NodeUnderAttack node) throws IOException, GeneralSecurityException {
        long start = System.nanoTime();
        long nextSample = start;
        while (System.nanoTime() - start < TIME.toNanos()) {
            strike(node);
            if (System.nanoTime() >= nextSample) {
                samples.add(node.usage());
                nextSample += TimeUnit.SECONDS.toNanos(SAMPLE_SECONDS);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
    }

    /** Harms one connection or one peer. */
    private void strike(NodeUnderAttack node) throws IOException, GeneralSecurityException {
        int number = random.nextInt(CONNECTIONS);
        int choice = random.nextInt(10);
        strikes[choice]++;
        switch (choice) {
            case 0 -> {
                // it dies; another one takes its place, or the same one at another address
                peers.get(number).close();
                if (number >= SERVERS) {
                    identities.set(number, Target.identity());
                }
                peers.set(number, start(node, number));
            }
            case 1, 2 -> peers.get(number).disconnect();
            case 3, 4, 5 -> resetInTheMiddle(node);
            default -> {}
        }
    }

    private static void resetInTheMiddle(NodeUnderAttack node) throws IOException, GeneralSecurityException {
        try (HandMadePeer peer = new HandMadePeer(Target.identity(), node.address())) {
            for (int stream = 0; stream < SoakPeer.IN_FLIGHT; stream++) {
                byte[] request = KadMessages.findNode(Target.random(32));
                peer.send(HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, HandMadeNoise.join(KAD, request)));
            }
            peer.reset();
        }
    }

    private List<Usage> third(int number) {
        return samples.subList(samples.size() * number / 3, samples.size() * (number + 1) / 3);
    }

    private static long median(List<Usage> usages, ToLongFunction<Usage> figure) {
        return usages.stream()
                .mapToLong(figure)
                .sorted()
                .skip(usages.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private void print() {
        System.out.printf("soak of %s: %,d queries done, %,d failed%n", TIME, done.sum(), failed.sum());
        System.out.printf("%-8s %10s %10s %8s %12s%n", "third", "heap MiB", "direct MiB", "threads", "descriptors");
        for (int number = 0; number < 3; number++) {
            List<Usage> third = third(number);
            System.out.printf(
                    "%-8s %10.1f %10.1f %8d %12d%n",
                    number + 1,
                    median(third, Usage::heap) / (double) Usage.MIB,
                    median(third, Usage::direct) / (double) Usage.MIB,
                    median(third, Usage::threads),
                    median(third, Usage::descriptors));
        }
    }

    private void assertFlat() {
        assertFlat("heap", Usage::heap, .1, 8 * Usage.MIB);
        assertFlat("direct memory", Usage::direct, .1, 8 * Usage.MIB);
        assertFlat("threads", Usage::threads, 0, 4);
        assertFlat("descriptors", Usage::descriptors, 0, 16);
        assertThat(samples).as("samples of what the node holds").hasSizeGreaterThan(30);
        assertThat(Arrays.copyOf(strikes, 6))
                .as("deaths, lost connections and resets")
                .doesNotContain(0);
        assertThat(done.sum())
                .as("queries that succeeded, when %s failed", failed)
                .isGreaterThan(2 * failed.sum());
    }

    private void assertFlat(String what, ToLongFunction<Usage> figure, double share, long constant) {
        long second = median(third(1), figure);
        assertThat(median(third(2), figure))
                .as("%s in the last third, after %s in the second", what, second)
                .isLessThanOrEqualTo((long) (second * (1 + share)) + constant);
    }
}

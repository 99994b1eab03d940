package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that vanish while they are asked. */
@Timeout(240)
class KilledPeerTest {

    /** Time in which the command ends by its own timeout, and not by that of a request. */
    private static final Duration LESS_THAN_A_REQUEST = Duration.ofSeconds(20);

    @RegisterExtension
    final Peers peers = new Peers();

    @ParameterizedTest
    @EnumSource
    void aQueryEndsThoughAPeerIsKilledBeforeItAnswers(Implementation implementation)
            throws IOException, InterruptedException {
        LibraryPeer victim = peers.of(implementation);
        KadPeer other = peers.kad("--bootstrap", victim.address());
        KadPeer asker = peers.kad("--mode", "client", "--bootstrap", victim.address());
        asker.run("connect " + other.address());
        asker.awaitKnows(victim, other);

        freeze(victim);
        CompletableFuture<Answer> get = asker.send("get /app/absent --timeout 60s");
        CompletableFuture<Answer> put = asker.send("put /app/of-the-killed kept --timeout 60s");
        victim.kill();

        assertThat(asker.within(PeerProcess.PATIENCE, "get", get).code()).isEqualTo("not-found");
        Answer stored = asker.within(PeerProcess.PATIENCE, "put", put);
        assertThat(stored.ok()).as(stored::toString).isTrue();
        assertThat(stored.number("stored")).isEqualTo(1);
        assertThat(other.run("get /app/of-the-killed").text("text")).isEqualTo("kept");
    }

    @ParameterizedTest
    @EnumSource
    void aQueryEndsWithinItsTimeThoughAPeerStaysSilent(Implementation implementation)
            throws IOException, InterruptedException {
        LibraryPeer victim = peers.of(implementation);
        KadPeer asker = peers.kad("--mode", "client", "--bootstrap", victim.address());
        asker.awaitKnows(victim);

        freeze(victim);
        Answer answer = asker.within(LESS_THAN_A_REQUEST, "get", asker.send("get /app/absent --timeout 2s"));
        assertThat(answer.ok()).isFalse();
        assertThat(answer.code()).isEqualTo("timeout");
        victim.kill();
    }

    @ParameterizedTest
    @EnumSource
    void manyQueriesEndThoughPeersOfBothKindsAreKilledAmongThem(Implementation implementation) {
        LibraryPeer victim = peers.of(implementation);
        KadPeer doomed = peers.kad("--bootstrap", victim.address());
        KadPeer survivor = peers.kad("--bootstrap", victim.address());
        KadPeer asker = peers.kad("--bootstrap", victim.address());
        Peers.connectAll(victim, doomed, survivor, asker);

        List<CompletableFuture<Answer>> puts = IntStream.range(0, 300)
                .mapToObj(number -> asker.send("put /app/among-" + number + " kept --timeout 60s"))
                .toList();
        asker.within(PeerProcess.PATIENCE, "the first put", puts.get(0));
        victim.kill();
        doomed.kill();

        for (CompletableFuture<Answer> put : puts) {
            Answer answer = asker.within(PeerProcess.PATIENCE, "put", put);
            assertThat(answer.ok()).as(answer::toString).isTrue();
            assertThat(answer.number("stored")).isBetween(1, 3);
        }
        assertThat(survivor.run("get /app/among-299").text("text")).isEqualTo("kept");
    }

    /** Stops a process of ours, so that it keeps its connections and answers nothing. */
    private static void freeze(PeerProcess peer) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-STOP", Long.toString(peer.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}

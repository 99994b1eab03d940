package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that vanish while they are asked. */
@Timeout(90)
class KilledPeerTest {

    /** The time the commands have, well above that of one request. */
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(20);

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void aQueryEndsThoughAPeerIsKilledBeforeItAnswers() throws IOException, InterruptedException {
        LibraryPeer js = peers.js();
        KadPeer other = peers.kad("--bootstrap", js.address());
        KadPeer asker = peers.kad("--mode", "client", "--bootstrap", js.address());
        asker.run("connect " + other.address());
        asker.awaitKnows(js, other);

        freeze(js);
        CompletableFuture<Answer> get = asker.send("get /app/absent --timeout 20s");
        CompletableFuture<Answer> put = asker.send("put /app/of-the-killed kept --timeout 20s");
        js.kill();

        assertThat(asker.within(QUERY_TIMEOUT, "get", get).code()).isEqualTo("not-found");
        Answer stored = asker.within(QUERY_TIMEOUT, "put", put);
        assertThat(stored.ok()).as(stored::toString).isTrue();
        assertThat(stored.number("stored")).isEqualTo(1);
        assertThat(other.run("get /app/of-the-killed").text("text")).isEqualTo("kept");
    }

    @Test
    void aQueryEndsWithinItsTimeThoughAPeerStaysSilent() throws IOException, InterruptedException {
        LibraryPeer js = peers.js();
        KadPeer asker = peers.kad("--mode", "client", "--bootstrap", js.address());
        asker.awaitKnows(js);

        freeze(js);
        Answer answer = asker.within(Duration.ofSeconds(10), "get", asker.send("get /app/absent --timeout 2s"));
        assertThat(answer.ok()).isFalse();
        assertThat(answer.code()).isEqualTo("timeout");
        js.kill();
    }

    @Test
    void manyQueriesEndThoughPeersOfBothKindsAreKilledAmongThem() {
        LibraryPeer js = peers.js();
        KadPeer doomed = peers.kad("--bootstrap", js.address());
        KadPeer survivor = peers.kad("--bootstrap", js.address());
        KadPeer asker = peers.kad("--bootstrap", js.address());
        Peers.connectAll(js, doomed, survivor, asker);

        List<CompletableFuture<Answer>> puts = IntStream.range(0, 300)
                .mapToObj(number -> asker.send("put /app/among-" + number + " kept --timeout 20s"))
                .toList();
        asker.within(QUERY_TIMEOUT, "the first put", puts.get(0));
        js.kill();
        doomed.kill();

        for (CompletableFuture<Answer> put : puts) {
            Answer answer = asker.within(QUERY_TIMEOUT, "put", put);
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

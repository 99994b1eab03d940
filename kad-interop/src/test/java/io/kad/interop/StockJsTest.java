package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A js peer with the limits it has out of the box: 32 streams, five new connections a second, and the heartbeat, whose pings have 10 s instead of 5. */
@Timeout(240)
class StockJsTest {

    /** More than the ten seconds between two heartbeats of js, and the time that it waits for the response to one. */
    private static final Duration MORE_THAN_A_HEARTBEAT = Duration.ofSeconds(22);

    @RegisterExtension
    static final Peers peers = new Peers();

    private static LibraryPeer js;
    private static KadPeer kad;

    @BeforeAll
    static void join() {
        js = peers.js("--max-inbound-streams", "32", "--inbound-threshold", "5", "--monitor", "--min-timeout", "10s");
        kad = peers.kad("--mode", "client", "--bootstrap", js.address());
        kad.awaitKnows(js);
    }

    @Test
    void moreRequestsThanItTakesStreamsAreAllAnswered() {
        List<String> puts = IntStream.range(0, 200)
                .mapToObj(number -> "put /app/stock-" + number + " v" + number)
                .toList();
        assertAllSucceed(puts);
        assertAllSucceed(puts.stream()
                .map(put -> put.replaceFirst("put (\\S+) .*", "get $1"))
                .toList());
    }

    @Test
    void itsHeartbeatKeepsTheConnection() {
        KadPeer server = peers.kad("--bootstrap", js.address());
        server.awaitKnows(js);
        await().during(MORE_THAN_A_HEARTBEAT)
                .atMost(PeerProcess.PATIENCE)
                .until(() -> js.connectedPeers().containsAll(List.of(kad.peerId(), server.peerId())));
        assertThat(js.lastEvent("peer-disconnected", server)).isEmpty();
    }

    private static void assertAllSucceed(List<String> commands) {
        List<Answer> answers = commands.stream().map(kad::send).toList().stream()
                .map(answer -> kad.within(PeerProcess.PATIENCE, "one of many", answer))
                .toList();
        assertThat(answers).allMatch(Answer::ok);
    }
}

package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.message.PeerInfo;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.store.rocksdb.snapshot.FilePeerSnapshotStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A peer that keeps everything in a directory. */
@Timeout(240)
class DataDirectoryTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @TempDir
    private Path directory;

    private KadPeer durable(String... options) {
        List<String> all = new java.util.ArrayList<>(List.of("--data", data().toString()));
        all.addAll(List.of(options));
        return peers.kad(all.toArray(String[]::new));
    }

    private Path data() {
        return directory.resolve("data");
    }

    private List<String> savedPeers() throws Exception {
        try (PeerSnapshotStore store = new FilePeerSnapshotStore(data().resolve("peers"))) {
            return store.load().stream().map(PeerInfo::id).map(Object::toString).toList();
        }
    }

    @Test
    void aKilledPeerIsItselfAgainAndRejoinsWithoutABootstrapPeer() throws Exception {
        KadPeer first = peers.kad();
        KadPeer second = peers.kad("--bootstrap", first.address());
        KadPeer killed = durable("--bootstrap", first.address());
        killed.awaitKnows(first, second);
        second.awaitKnows(killed);
        second.run("put /app/foreign of-another");
        killed.run("put /app/own of-itself");
        killed.run("provide /app/provided");
        await().atMost(PeerProcess.PATIENCE)
                .untilAsserted(() -> assertThat(savedPeers()).contains(first.peerId(), second.peerId()));
        Answer before = killed.run("info");
        killed.kill();
        second.run("put /app/later kept-meanwhile");

        KadPeer again = durable();
        assertThat(again.peerId()).isEqualTo(killed.peerId());
        again.awaitKnows(first, second);
        await().atMost(PeerProcess.PATIENCE)
                .untilAsserted(() -> assertThat(again.connectedPeers()).contains(first.peerId(), second.peerId()));
        Answer after = again.run("info");
        assertThat(after.number("records")).isEqualTo(before.number("records")).isGreaterThanOrEqualTo(2);
        assertThat(after.number("providers"))
                .isEqualTo(before.number("providers"))
                .isPositive();
        assertThat(again.run("get /app/later").text("text")).isEqualTo("kept-meanwhile");
        assertThat(again.run("get /app/own").text("text")).isEqualTo("of-itself");
        assertThat(again.run("closest-peers /app/anything").peerIds()).contains(first.peerId(), second.peerId());
        first.kill();
        second.kill();
        assertThat(again.run("get /app/foreign").text("text")).isEqualTo("of-another");
    }

    @Test
    void aDirectoryInUseIsRefusedWithOneClearLine() {
        KadPeer user = durable();
        KadProgram.Ended ended =
                KadProgram.run("node", "--listen", "/ip4/127.0.0.1/tcp/0", "--data", data().toString());
        assertThat(ended.exitCode()).as(ended::toString).isEqualTo(2);
        assertThat(ended.err().lines().filter(line -> !line.contains(" WARN ")))
                .as(ended::toString)
                .singleElement()
                .asString()
                .contains("--data " + data(), "in use");
        assertThat(user.run("info").number("records")).isZero();
    }

    @Test
    void onlyTheOwnerReadsTheKey() throws IOException {
        durable();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve("identity.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anOptionOfStoresThatAreNotUsedIsRefused() throws IOException {
        Path config = Files.writeString(directory.resolve("config"), "memory.max-records=5\n");
        KadProgram.Ended ended = KadProgram.run("node", "--config", config.toString(), "--data", data().toString());
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).contains("memory.max-records").contains("no effect with --data");
    }

    @Test
    void optionsOfTheStoresTakeEffect() {
        KadPeer alone = peers.kadWith(Map.of("rocksdb.max-local-records", "1", "data", data().toString()));
        KadPeer friend = peers.kad("--bootstrap", alone.address());
        alone.awaitKnows(friend);
        alone.run("put /app/1 one");
        Answer second = alone.ask("put /app/2 two");
        assertThat(second.ok()).as(second::toString).isFalse();
        assertThat(alone.run("info").number("records")).isEqualTo(1);
    }
}

package io.kad.store.rocksdb.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of peers. Each input is read as it is, and with a checksum that is right. */
class SnapshotFormatFuzzTest {

    static Stream<byte[]> seeds() {
        PeerId peer = PeerId.fromBytes(Multihash.sha256(Bytes.utf8("peer")).bytes());
        byte[] file = SnapshotFormat.write(List.of(
                PeerInfo.of(peer, List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1"))), PeerInfo.of(peer, List.of())));
        return Stream.of(
                file,
                Arrays.copyOf(file, file.length - Integer.BYTES),
                Bytes.fromHex("4b41445000000001ffffffff").toArray());
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrHasOneForm(byte[] input) {
        check(input);
        check(withChecksum(input));
    }

    private static byte[] withChecksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return ByteBuffer.allocate(content.length + Integer.BYTES)
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    private static void check(byte[] file) {
        read(file).ifPresent(peers -> assertThat(SnapshotFormat.write(peers)).isEqualTo(file));
    }

    private static Optional<List<PeerInfo>> read(byte[] file) {
        try {
            return Optional.of(SnapshotFormat.read(file));
        } catch (MalformedSnapshotException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return Optional.empty();
        }
    }
}

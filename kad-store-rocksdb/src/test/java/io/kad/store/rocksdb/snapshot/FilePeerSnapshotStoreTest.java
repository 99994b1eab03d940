package io.kad.store.rocksdb.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilePeerSnapshotStoreTest {

    private static final PeerInfo PEER =
            PeerInfo.of(PeerId.fromPublicKey(Bytes.utf8("p")), List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/5")));

    @TempDir
    private Path directory;

    private PeerSnapshotStore store() {
        return new FilePeerSnapshotStore(directory.resolve("deep/peers"));
    }

    private static byte[] withChecksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return ByteBuffer.allocate(content.length + 4)
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    private void write(byte[] content) throws Exception {
        Files.createDirectories(directory.resolve("deep"));
        Files.write(directory.resolve("deep/peers"), content);
    }

    @Test
    void theFileHasTheDocumentedFormat() throws Exception {
        store().save(List.of(PEER));
        byte[] id = PEER.id().bytes().toArray();
        byte[] address = PEER.addresses().get(0).bytes().toArray();
        byte[] expected = ByteBuffer.allocate(12 + 2 + id.length + 2 + 2 + address.length)
                .put("KADP".getBytes(StandardCharsets.US_ASCII))
                .putInt(1)
                .putInt(1)
                .putShort((short) id.length)
                .put(id)
                .putShort((short) 1)
                .putShort((short) address.length)
                .put(address)
                .array();
        assertThat(Files.readAllBytes(directory.resolve("deep/peers"))).isEqualTo(withChecksum(expected));
        assertThat(directory.resolve("deep")).isDirectoryContaining(path -> path.endsWith("peers"));
        assertThat(directory.resolve("deep/peers.part")).doesNotExist();
    }

    @Test
    void everyTruncationIsDetected() throws Exception {
        store().save(List.of(PEER, PEER));
        byte[] whole = Files.readAllBytes(directory.resolve("deep/peers"));
        for (int length = 0; length < whole.length; length++) {
            write(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> store().load()).isInstanceOf(StoreException.Failed.class);
        }
    }

    /** Each content has a valid checksum. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "KADP",
                "KADX\0\0\0\1\0\0\0\0",
                "KADP\0\0\0\2\0\0\0\0",
                "KADP\0\0\0\1\0\0\0\0x",
                "KADP\0\0\0\1\0\0\0\1"
            })
    void aFileThatIsNotASnapshotIsRefused(String content) throws Exception {
        write(withChecksum(content.getBytes(StandardCharsets.ISO_8859_1)));
        assertThatThrownBy(() -> store().load())
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining("cannot read ");
        store().save(List.of(PEER));
        assertThat(store().load()).containsExactly(PEER);
    }

    @Test
    void aHugeFileIsNotReadIntoMemory() throws Exception {
        Files.createDirectories(directory.resolve("deep"));
        try (var file =
                new java.io.RandomAccessFile(directory.resolve("deep/peers").toFile(), "rw")) {
            file.setLength(SnapshotFormat.MAX_BYTES + 1L);
        }
        assertThatThrownBy(() -> store().load()).hasMessageContaining("size exceeds the limit of 16777216 bytes");
    }

    @Test
    void aFailureToWriteIsReportedAndChangesNothing() throws Exception {
        Files.writeString(directory.resolve("deep"), "a file in place of the directory");
        assertThatThrownBy(() -> store().save(List.of(PEER)))
                .isInstanceOf(StoreException.Failed.class)
                .hasMessageContaining("cannot write ");
        assertThat(directory.resolve("deep")).hasContent("a file in place of the directory");
    }

    @Test
    void theStoreIsUnavailableWithoutADataDirectory() {
        SpiContext context =
                new SpiContext(PEER.id(), InstantSource.system(), Optional.empty(), Map.of(), Runnable::run);
        FilePeerSnapshotStoreProvider provider = new FilePeerSnapshotStoreProvider();
        assertThat(provider.unavailable(context))
                .contains(
                        "missing data directory: set one with dataDirectory(path) of the builder, or --data DIR of the program");
        assertThatThrownBy(() -> provider.create(context)).isInstanceOf(IllegalArgumentException.class);
    }
}

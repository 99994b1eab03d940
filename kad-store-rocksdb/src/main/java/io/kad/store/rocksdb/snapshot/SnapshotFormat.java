package io.kad.store.rocksdb.snapshot;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Binary format of a snapshot. Numbers are big-endian and unsigned.
 *
 * <ul>
 *   <li>4 bytes: {@code KADP}; 4 bytes: the version, 1; 4 bytes: the number of peers
 *   <li>the peers
 *   <li>4 bytes: the CRC-32C of all bytes before it
 * </ul>
 *
 * <p>A peer is its ID, the number of its addresses in 2 bytes, and its addresses. An ID or address is prefixed by its length in 2
 * bytes. Thread-safe.
 */
final class SnapshotFormat {

    /** The largest size that is read, in bytes; 5,120 peers with 16 addresses of 40 bytes need a quarter of it. */
    static final int MAX_BYTES = 16 << 20;

    private static final int MAGIC = 0x4b414450;
    private static final int VERSION = 1;
    private static final int SHORT_MASK = 0xffff;

    private SnapshotFormat() {}

    static byte[] write(List<PeerInfo> peers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        putInt(out, MAGIC);
        putInt(out, VERSION);
        putInt(out, peers.size());
        for (PeerInfo peer : peers) {
            putBytes(out, peer.id().bytes());
            putShort(out, peer.addresses().size());
            peer.addresses().forEach(address -> putBytes(out, address.bytes()));
        }
        putInt(out, checksum(out.toByteArray()));
        return out.toByteArray();
    }

    private static void putInt(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    private static void putShort(ByteArrayOutputStream out, int value) {
        if (value > SHORT_MASK) {
            throw new IllegalArgumentException("length must be at most " + SHORT_MASK + ", got " + value);
        }
        out.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort((short) value).array());
    }

    private static void putBytes(ByteArrayOutputStream out, Bytes bytes) {
        putShort(out, bytes.size());
        out.writeBytes(bytes.toArray());
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static List<PeerInfo> read(byte[] bytes) throws MalformedSnapshotException {
        int end = bytes.length - Integer.BYTES;
        if (end < 0
                || checksum(Arrays.copyOf(bytes, end)) != ByteBuffer.wrap(bytes).getInt(end)) {
            throw new MalformedSnapshotException("wrong checksum");
        }
        try {
            return readPeers(ByteBuffer.wrap(bytes, 0, end));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MalformedSnapshotException("invalid content: " + e);
        }
    }

    private static List<PeerInfo> readPeers(ByteBuffer in) throws MalformedSnapshotException {
        if (in.getInt() != MAGIC) {
            throw new MalformedSnapshotException("not a peer snapshot");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new MalformedSnapshotException("unknown version " + version + "; known: " + VERSION);
        }
        int count = in.getInt();
        List<PeerInfo> peers = new ArrayList<>();
        while (peers.size() != count) {
            PeerId id = PeerId.fromBytes(getBytes(in));
            int addressCount = in.getShort() & SHORT_MASK;
            List<Multiaddr> addresses = new ArrayList<>();
            while (addresses.size() < addressCount) {
                addresses.add(Multiaddr.fromBytes(getBytes(in)));
            }
            peers.add(PeerInfo.of(id, addresses));
        }
        if (in.hasRemaining()) {
            throw new MalformedSnapshotException("unexpected bytes after the last peer");
        }
        return peers;
    }

    private static Bytes getBytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & SHORT_MASK];
        in.get(bytes);
        return Bytes.of(bytes);
    }
}

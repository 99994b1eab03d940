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
 * The bytes of a snapshot: "KADP", the version 1, and the number of peers, each in four bytes; the peers; the CRC-32C of all that in four
 * bytes. A peer is its id behind its length, the number of its addresses, and each address behind its length; these numbers have two
 * bytes. All are big-endian and unsigned.
 */
final class SnapshotFormat {

    /** The largest snapshot that is read; 5,120 peers of 16 addresses of 40 bytes take a quarter of it. */
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
            throw new IllegalArgumentException(value + " does not fit in two bytes");
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
            throw new MalformedSnapshotException("its checksum is wrong");
        }
        try {
            return readPeers(ByteBuffer.wrap(bytes, 0, end));
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new MalformedSnapshotException("it is malformed: " + malformed);
        }
    }

    private static List<PeerInfo> readPeers(ByteBuffer in) throws MalformedSnapshotException {
        if (in.getInt() != MAGIC) {
            throw new MalformedSnapshotException("it is not a snapshot of peers");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new MalformedSnapshotException("it has version " + version + ", and " + VERSION + " is known");
        }
        int count = in.getInt();
        List<PeerInfo> peers = new ArrayList<>();
        while (peers.size() != count) {
            PeerId id = PeerId.fromBytes(getBytes(in));
            int addresses = in.getShort() & SHORT_MASK;
            List<Multiaddr> read = new ArrayList<>();
            while (read.size() < addresses) {
                read.add(Multiaddr.fromBytes(getBytes(in)));
            }
            peers.add(PeerInfo.of(id, read));
        }
        if (in.hasRemaining()) {
            throw new MalformedSnapshotException("something follows its last peer");
        }
        return peers;
    }

    private static Bytes getBytes(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & SHORT_MASK];
        in.get(bytes);
        return Bytes.of(bytes);
    }
}

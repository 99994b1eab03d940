package io.kad.interop.hostile;

import static io.kad.transport.netty.hostile.HandMadeMessage.field;
import static io.kad.transport.netty.hostile.HandMadeMessage.prefixed;
import static io.kad.transport.netty.hostile.HandMadeMessage.varint;
import static io.kad.transport.netty.hostile.HandMadeNoise.join;

import java.util.Arrays;

/** Messages of the Kademlia protocol, written by hand; each with its length before it, unless it says otherwise. */
final class KadMessages {

    static final int PUT_VALUE = 0;
    static final int GET_VALUE = 1;
    static final int ADD_PROVIDER = 2;
    static final int GET_PROVIDERS = 3;
    static final int FIND_NODE = 4;
    static final int PING = 5;

    private KadMessages() {}

    /** Returns a message of a type, with further fields. */
    static byte[] message(int type, byte[]... fields) {
        return prefixed(join(field(1, type), join(fields)));
    }

    static byte[] findNode(byte[] key) {
        return message(FIND_NODE, key(key));
    }

    static byte[] getValue(byte[] key) {
        return message(GET_VALUE, key(key));
    }

    static byte[] putValue(byte[] key, byte[] value) {
        return message(PUT_VALUE, key(key), recordField(record(key, value)));
    }

    static byte[] addProvider(byte[] key, byte[] peer) {
        return message(ADD_PROVIDER, key(key), field(9, peer));
    }

    /** Returns the key of a message as a field. */
    static byte[] key(byte[] key) {
        return field(2, key);
    }

    /** Returns the record of a message as a field. */
    static byte[] recordField(byte[] record) {
        return field(3, record);
    }

    /** Returns a record without a length. */
    static byte[] record(byte[] key, byte[] value, byte[]... fields) {
        return join(field(1, key), field(2, value), join(fields));
    }

    /** Returns a closer peer of a message as a field. */
    static byte[] closerPeer(byte[] peer) {
        return field(8, peer);
    }

    /** Returns a peer without a length. */
    static byte[] peer(byte[] id, byte[]... addresses) {
        byte[][] fields = new byte[addresses.length + 2][];
        fields[0] = field(1, id);
        for (int number = 0; number < addresses.length; number++) {
            fields[number + 1] = field(2, addresses[number]);
        }
        fields[addresses.length + 1] = field(3, 1);
        return join(fields);
    }

    /** Returns the address of a TCP port of an IPv4 host. */
    static byte[] address(int a, int b, int c, int d, int port) {
        return join(varint(4), new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, varint(6), new byte[] {
            (byte) (port >> 8), (byte) port
        });
    }

    /** Returns the id of a peer that does not exist. */
    static byte[] peerId() {
        return join(new byte[] {0x12, 0x20}, Target.random(32));
    }

    /** Returns the first bytes of a message that declares {@code length}. */
    static byte[] halfOf(long length, int bytes) {
        return Arrays.copyOf(varint(length), bytes);
    }
}

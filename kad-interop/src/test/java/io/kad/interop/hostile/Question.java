package io.kad.interop.hostile;

import io.kad.api.id.Bytes;
import java.util.Arrays;

/**
 * Request of a node, read by hand.
 *
 * @param type number of its type
 * @param key bytes of its key; empty without one
 */
record Question(int type, Bytes key) {

    /** Returns the bytes of the key. */
    byte[] keyBytes() {
        return key.toArray();
    }

    /** Reads a message with its length before it; null if it is not complete. */
    static Question read(byte[] bytes) {
        Reader reader = new Reader(bytes);
        if (!reader.hasMessage()) {
            return null;
        }
        int type = 0;
        byte[] key = new byte[0];
        int end = (int) reader.varint();
        end += reader.at;
        while (reader.at < end) {
            int tag = (int) reader.varint();
            if (tag == (1 << 3)) {
                type = (int) reader.varint();
            } else if ((tag & 7) == 0) {
                reader.varint();
            } else {
                byte[] value = reader.bytes();
                key = tag == ((2 << 3) | 2) ? value : key;
            }
        }
        return new Question(type, Bytes.of(key));
    }

    private static final class Reader {

        private final byte[] bytes;
        private int at;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean hasMessage() {
            if (bytes.length == 0) {
                return false;
            }
            long length = varint();
            boolean complete = bytes.length - at >= length;
            at = 0;
            return complete;
        }

        long varint() {
            long value = 0;
            for (int shift = 0; at < bytes.length; shift += 7) {
                byte next = bytes[at++];
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    break;
                }
            }
            return value;
        }

        byte[] bytes() {
            int length = (int) varint();
            byte[] value = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return value;
        }
    }
}

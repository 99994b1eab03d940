package io.kad.transport.netty.roundtrip;

import java.io.ByteArrayOutputStream;
import java.util.OptionalInt;

/**
 * What a dialer sends over TCP until the handshake of its security protocol is over. First flight: the header of multistream-select and a proposal.
 * Second flight: the first message of the handshake. What follows is its third flight.
 */
final class DialerFlights {

    private static final int FIRST_BYTES = 64 << 10;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** Adds what was sent. */
    void add(byte[] bytes) {
        if (sent.size() < FIRST_BYTES) {
            sent.writeBytes(bytes);
        }
    }

    /** Returns whether the third flight has begun. */
    boolean hasThirdBegun() {
        OptionalInt end = endOfSecond(sent.toByteArray());
        return end.isPresent() && sent.size() > end.getAsInt();
    }

    private static OptionalInt endOfSecond(byte[] bytes) {
        int proposal = bytes.length == 0 ? 0 : 1 + bytes[0];
        if (proposal == 0 || bytes.length <= proposal) {
            return OptionalInt.empty();
        }
        int handshake = proposal + 1 + bytes[proposal];
        boolean isTls = bytes.length > proposal + 2 && bytes[proposal + 2] == 't';
        int length =
                handshake + (isTls ? 3 : 0); // of a record of TLS, behind its type and version; of a message of Noise
        if (bytes.length < length + 2) {
            return OptionalInt.empty();
        }
        int high = bytes[length] & 0xff;
        int low = bytes[length + 1] & 0xff;
        return OptionalInt.of(length + 2 + (high << 8) + low);
    }
}

package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadePeer.message;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kad.transport.netty.hostile.HandMadeMessage;
import io.kad.transport.netty.hostile.HandMadeNoise;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Attacks with multistream-select before the connection is secured. */
class MultistreamAttackTest extends AttackTest {

    private static final byte[] HEADER = message("/multistream/1.0.0");

    @Override
    List<Attack> attacks() {
        return List.of(
                broken("a message without a line feed", withLength(8, "/noisexx".getBytes(US_ASCII))),
                broken("a length that never ends", repeat(new byte[] {(byte) 0xff}, 20)),
                broken("a length with needless bytes", new byte[] {(byte) 0x87, (byte) 0x80, (byte) 0x80, 0}),
                broken("a message of 1025 bytes", withLength(1025, new byte[1025])),
                broken("a length of 2 GiB", withLength(1L << 31, new byte[1024])),
                broken("empty messages", new byte[4096]),
                refused("another header", message("/multistream/2.0.0")),
                refused("names that are not text", withLength(5, new byte[] {'/', (byte) 0xff, (byte) 0xfe, 0, '\n'})),
                broken("na without end", repeat(message("na"), 8000)),
                broken("proposals without end", repeat(message("/unknown/1.0.0"), 4000)),
                broken("headers without end", repeat(HEADER, 4000)),
                broken("ls without end", repeat(message("ls"), 8000)),
                refused("a muxer before security", message("/yamux/1.0.0")));
    }

    /** Returns an attack with bytes behind the header, after which the node ends the connection. */
    private static Attack broken(String name, byte[] bytes) {
        return attack(name, target -> {
            for (Socket socket : send(target, bytes)) {
                target.assertEnds(socket);
            }
        });
    }

    /** Returns an attack with bytes behind the header, after which the node waits for a better proposal. */
    private static Attack refused(String name, byte[] bytes) {
        return attack(name, target -> send(target, bytes));
    }

    private static List<Socket> send(Target target, byte[] bytes) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int number = 0; number < times(10); number++) {
            Socket socket = target.socket(HEADER);
            sockets.add(socket);
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException ended) {
                // before it was all written
            }
        }
        return sockets;
    }

    static byte[] withLength(long length, byte[] bytes) {
        return HandMadeNoise.join(HandMadeMessage.varint(length), bytes);
    }

    static byte[] repeat(byte[] bytes, int times) {
        byte[] repeated = new byte[bytes.length * times];
        for (int at = 0; at < repeated.length; at++) {
            repeated[at] = bytes[at % bytes.length];
        }
        return repeated;
    }
}

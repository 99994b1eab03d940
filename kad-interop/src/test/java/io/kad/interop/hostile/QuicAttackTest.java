package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.times;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.hostile.HandMadeConnection;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadeQuic;
import io.kad.transport.netty.hostile.HandMadeStack;
import io.kad.transport.netty.hostile.HandMadeTls;
import io.kad.transport.netty.tls.HandMadeCertificate;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Attacks with packets and with the handshake of QUIC. */
class QuicAttackTest extends AttackTest {

    /** Size of a packet that begins a handshake. */
    private static final int PACKET_BYTES = 1200;

    private static final int INITIAL = 0xc3;
    private static final int ZERO_RTT = 0xd3;
    private static final int HANDSHAKE = 0xe3;
    private static final int RETRY = 0xf3;
    private static final int SHORT = 0x43;
    private static final int VERSION_1 = 1;

    /** Bytes of a packet. */
    private interface Packet {
        byte[] bytes();
    }

    @Override
    List<HandMadeStack> stacks() {
        return List.of(HandMadeStack.QUIC);
    }

    @Override
    List<Attack> attacks() {
        List<Attack> attacks = new ArrayList<>();
        Certificates.wrong()
                .forEach((name, chain) -> attacks.add(attack(name, target -> {
                    for (int number = 0; number < times(10); number++) {
                        assertRefused(target, HandMadeTls.LIBP2P, chain.get());
                    }
                })));
        attacks.add(attack("another application protocol", target -> {
            for (int number = 0; number < times(10); number++) {
                assertRefused(target, "h3", Certificates.valid());
            }
        }));
        attacks.add(attack("the identity of the node itself", target -> {
            for (int number = 0; number < times(10); number++) {
                HandMadeCertificate stolen = new HandMadeCertificate(target.stolenIdentity()).named(HandMadeTls.NAME);
                assertRefused(target, HandMadeTls.LIBP2P, stolen);
            }
        }));
        attacks.add(packets("random packets", () -> Target.random(PACKET_BYTES)));
        attacks.add(packets("empty packets", () -> new byte[0]));
        attacks.add(packets("packets of one byte", () -> new byte[] {(byte) INITIAL}));
        attacks.add(packets("first packets of random bytes", () -> longHeader(INITIAL, VERSION_1, new byte[0])));
        attacks.add(
                packets("first packets with a forged token", () -> longHeader(INITIAL, VERSION_1, Target.random(60))));
        attacks.add(packets(
                "first packets with a token of 1 KB", () -> longHeader(INITIAL, VERSION_1, Target.random(1000))));
        attacks.add(packets("packets of another version", () -> longHeader(INITIAL, 0x6b33_43cf, new byte[0])));
        attacks.add(packets("negotiations of a version", () -> longHeader(INITIAL, 0, new byte[0])));
        attacks.add(packets("packets of early data", () -> longHeader(ZERO_RTT, VERSION_1, new byte[0])));
        attacks.add(packets(
                "packets of a handshake that has not begun", () -> longHeader(HANDSHAKE, VERSION_1, new byte[0])));
        attacks.add(packets("demands for a proof of the address", () -> longHeader(RETRY, VERSION_1, new byte[0])));
        attacks.add(packets("packets of unknown connections", () -> join(SHORT, Target.random(PACKET_BYTES - 1))));
        attacks.add(attack("first packets without a second", QuicAttackTest::beginOnly));
        attacks.add(attack("sessions that are resumed with early data", QuicAttackTest::resume));
        attacks.add(attack("hold every place of a connection", target -> connect(target, 400)));
        attacks.add(attack("connections that are closed at once", target -> {
            for (int number = 0; number < times(200) && !target.isOver(); number++) {
                target.connection().reset();
            }
        }));
        attacks.add(attack("connections that are left at once", target -> {
            for (int number = 0; number < times(100) && !target.isOver(); number++) {
                ((HandMadeQuic) target.connection()).vanish();
            }
        }));
        return attacks;
    }

    private static void assertRefused(Target target, String alpn, HandMadeCertificate... chain) throws Exception {
        Optional<HandMadeConnection> connection = target.refusedOrConnected(
                () -> target.keep(new HandMadeQuic(target.address(), HandMadeQuic.context(alpn, chain))));
        if (connection.isPresent()) {
            target.assertEnds(connection.get());
        } else {
            target.count();
        }
    }

    private static void connect(Target target, int connections) throws Exception {
        for (int number = 0; number < times(connections) && !target.isOver(); number++) {
            target.connection();
        }
    }

    /** Returns an attack with thousands of packets from a few sockets. */
    private static Attack packets(String name, Packet packet) {
        return attack(name, target -> {
            for (int number = 0; number < times(10); number++) {
                DatagramSocket socket = target.keep(new DatagramSocket());
                for (int count = 0; count < 500 && !target.isOver(); count++) {
                    byte[] bytes = packet.bytes();
                    socket.send(new DatagramPacket(bytes, bytes.length, target.address()));
                }
            }
        });
    }

    private static void beginOnly(Target target) throws Exception {
        for (int number = 0; number < times(200) && !target.isOver(); number++) {
            target.keep(HandMadeQuic.firstPacket(target.address(), HandMadeQuic.context(Certificates.valid())));
        }
    }

    private static void resume(Target target) throws Exception {
        HandMadeQuic.Sessions sessions = new HandMadeQuic.Sessions(Certificates.valid());
        for (int number = 0; number < 2 || (number < times(50) && !target.isOver()); number++) {
            CountDownLatch identified = new CountDownLatch(1);
            try (HandMadeConnection connection = sessions.connect(target.address())) {
                target.count();
                connection.receive((stream, bytes) -> identified.countDown());
                connection.open(new byte[1]);
                assertThat(identified.await(Target.END_MILLIS, TimeUnit.MILLISECONDS))
                        .as("the node asks who the peer is, after it has sent the ticket of the session")
                        .isTrue();
            } catch (IOException failed) {
                throw new AssertionError("the node did not serve a peer that comes back", failed);
            }
        }
        assertThat(sessions.resumed()).as("sessions that were resumed").isPositive();
    }

    /** Returns a packet with a long header, the ids of a new connection, and random bytes behind them. */
    private static byte[] longHeader(int first, int version, byte[] token) {
        byte[] random = Target.random(PACKET_BYTES);
        ByteBuffer packet = ByteBuffer.wrap(random);
        packet.put((byte) first).putInt(version);
        packet.put((byte) 16).position(packet.position() + 16);
        packet.put((byte) 16).position(packet.position() + 16);
        packet.putShort((short) (0x4000 | token.length)).put(token);
        packet.putShort((short) (0x4000 | (packet.remaining() - 2)));
        return random;
    }

    private static byte[] join(int first, byte[] rest) {
        return HandMadeNoise.join(new byte[] {(byte) first}, rest);
    }
}

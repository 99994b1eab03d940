package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.times;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.hostile.HandMadeStack;
import io.kad.transport.netty.hostile.HandMadeTls;
import io.kad.transport.netty.tls.HandMadeCertificate;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Attacks with the TLS handshake and with its records. */
class TlsAttackTest extends AttackTest {

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int MAX_RECORD = 1 << 14;

    @Override
    List<HandMadeStack> stacks() {
        return List.of(HandMadeStack.TCP_TLS);
    }

    @Override
    List<Attack> attacks() {
        List<Attack> attacks = new ArrayList<>();
        Certificates.wrong()
                .forEach((name, chain) ->
                        attacks.add(attack(name, target -> refused(target, HandMadeTls.LIBP2P, chain))));
        attacks.add(attack(
                "a certificate of 60 KB",
                target -> refused(target, HandMadeTls.LIBP2P, () -> new HandMadeCertificate[] {
                    Certificates.valid().extension(HandMadeCertificate.UNKNOWN_EXTENSION, false, 60_000)
                })));
        attacks.add(attack(
                "another application protocol",
                target -> refused(target, "h2", () -> new HandMadeCertificate[] {Certificates.valid()})));
        attacks.add(attack("the identity of the node itself", TlsAttackTest::stolen));
        attacks.add(ends("random bytes", Target.random(4096)));
        attacks.add(ends("a record of an unknown type", record(99, new byte[100])));
        attacks.add(ends("a hello of random bytes", record(HANDSHAKE, Target.random(2000))));
        attacks.add(ends("a hello of SSL 2", new byte[] {(byte) 0x80, 46, 1, 0, 2, 0, 21, 0, 0, 0, 16}));
        attacks.add(ends("an alert instead of a hello", record(ALERT, new byte[] {2, 40})));
        attacks.add(ends("a message of 16 MiB", many(record(HANDSHAKE, hugeHello()), 200)));
        attacks.add(ends("a record beyond its limit", header(HANDSHAKE, 0xffff)));
        attacks.add(attack("half a record", target -> hang(target, header(HANDSHAKE, MAX_RECORD))));
        attacks.add(attack("no hello", target -> hang(target, new byte[0])));
        attacks.add(attack("handshakes that end at once", TlsAttackTest::endAtOnce));
        attacks.add(attack("half a record behind the handshake", TlsAttackTest::halfRecords));
        attacks.add(attack("broken records behind the handshake", TlsAttackTest::brokenRecords));
        return attacks;
    }

    /** Agrees on TLS. */
    private static Socket agreed(Target target) throws IOException {
        byte[] proposal = HandMadePeer.proposal(HandMadeTls.PROTOCOL);
        Socket socket = target.socket(proposal);
        assertThat(new DataInputStream(socket.getInputStream()).readNBytes(proposal.length))
                .isEqualTo(proposal);
        return socket;
    }

    /** Shows chains that the node refuses, at the latest when it has read them: the handshake of the dialer has ended by then. */
    private static void refused(Target target, String alpn, Supplier<HandMadeCertificate[]> chain) throws Exception {
        for (int number = 0; number < times(10); number++) {
            Socket socket = agreed(target);
            assertRefused(target, socket, new HandMadeTls(socket, alpn, chain.get()));
        }
    }

    private static void assertRefused(Target target, Socket socket, HandMadeTls tls)
            throws IOException, GeneralSecurityException {
        Optional<Socket> connected = target.refusedOrConnected(() -> {
            tls.handshake();
            return socket;
        });
        if (connected.isPresent()) {
            target.assertEnds(socket);
        }
    }

    private static void stolen(Target target) throws Exception {
        for (int number = 0; number < times(10); number++) {
            Socket socket = agreed(target);
            assertRefused(
                    target,
                    socket,
                    new HandMadeTls(
                            socket,
                            HandMadeTls.LIBP2P,
                            new HandMadeCertificate(target.stolenIdentity()).named(HandMadeTls.NAME)));
        }
    }

    /** Returns an attack with bytes instead of a handshake, after which the node ends the connection. */
    private static Attack ends(String name, byte[] bytes) {
        return attack(name, target -> {
            for (int number = 0; number < times(10); number++) {
                Socket socket = agreed(target);
                try {
                    socket.getOutputStream().write(bytes);
                } catch (IOException ended) {
                    // before it was all written
                }
                target.assertEnds(socket);
            }
        });
    }

    private static void hang(Target target, byte[] bytes) throws IOException {
        for (int number = 0; number < times(150) && !target.isOver(); number++) {
            try {
                target.socket(HandMadeNoise.join(HandMadePeer.proposal(HandMadeTls.PROTOCOL), bytes));
            } catch (IOException ended) {
                // as it may
            }
        }
    }

    private static void endAtOnce(Target target) throws Exception {
        for (int number = 0; number < times(100) && !target.isOver(); number++) {
            try (Socket socket = agreed(target)) {
                new HandMadeTls(socket, HandMadeTls.LIBP2P, Certificates.valid()).handshake();
            }
        }
    }

    private static Socket upgraded(Target target) throws Exception {
        Socket socket = agreed(target);
        new HandMadeTls(socket, HandMadeTls.LIBP2P, Certificates.valid()).handshake();
        return socket;
    }

    private static void halfRecords(Target target) throws Exception {
        for (int number = 0; number < times(100) && !target.isOver(); number++) {
            upgraded(target).getOutputStream().write(HandMadeNoise.join(header(23, MAX_RECORD), new byte[10_000]));
        }
    }

    private static void brokenRecords(Target target) throws Exception {
        for (int number = 0; number < times(10); number++) {
            Socket socket = upgraded(target);
            socket.getOutputStream().write(record(23, Target.random(1000)));
            target.assertEnds(socket);
        }
    }

    private static byte[] hugeHello() {
        byte[] part = new byte[MAX_RECORD];
        ByteBuffer.wrap(part).put((byte) 1).put((byte) 0xff).put((byte) 0xff).put((byte) 0xff);
        return part;
    }

    private static byte[] header(int type, int length) {
        return new byte[] {(byte) type, 3, 3, (byte) (length >> 8), (byte) length};
    }

    private static byte[] record(int type, byte[] content) {
        return HandMadeNoise.join(header(type, content.length), content);
    }

    private static byte[] many(byte[] bytes, int times) {
        byte[][] all = new byte[times][];
        Arrays.fill(all, bytes);
        return HandMadeNoise.join(all);
    }
}

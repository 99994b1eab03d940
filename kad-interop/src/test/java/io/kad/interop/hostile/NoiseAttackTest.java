package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadeMessage.field;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Attacks with the Noise handshake and with encrypted messages. */
class NoiseAttackTest extends AttackTest {

    /** Points of Curve25519 with which every shared secret is zero; RFC 7748, section 7. */
    private static final List<String> LOW_ORDER = List.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    /** Last message of a handshake, and what follows it. */
    private interface Last {
        byte[] of(HandMadeNoise noise, Identity identity) throws Exception;
    }

    /** What a peer does with its encryption after a proper handshake. */
    private interface Damage {
        void on(HandMadePeer peer) throws Exception;
    }

    /** A key of 2048 bits, made before the attacks: that may take longer than one of them. */
    private static final byte[] RSA_KEY = rsaKey();

    private static byte[] rsaKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair().getPublic().getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    List<Attack> attacks() {
        return Stream.of(firstMessages(), lastMessages(), transportMessages())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Attack> firstMessages() {
        return List.of(
                first("empty first messages", new byte[2000]),
                first("a first message of 31 bytes", HandMadeNoise.framed(new byte[31])),
                first("a first message of 64 KiB", HandMadeNoise.framed(new byte[65_535])),
                first("a declared length of 64 KiB", new byte[] {(byte) 0xff, (byte) 0xff}),
                attack("points of low order", NoiseAttackTest::lowOrder),
                attack("a replayed handshake", NoiseAttackTest::replay),
                attack("the first message twice", target -> {
                    Socket socket = target.socket();
                    HandMadeNoise noise = target.noise(socket);
                    byte[] first = noise.first();
                    noise.write(first);
                    noise.readSecond();
                    noise.write(first);
                    target.assertEnds(socket);
                }));
    }

    private static List<Attack> lastMessages() {
        byte[] oversized = field(99, new byte[30_000]);
        return List.of(
                last("no payload", (noise, identity) -> noise.third(new byte[0])),
                last("a payload of random bytes", (noise, identity) -> noise.third(Target.random(300))),
                last(
                        "a payload of 30 KB",
                        (noise, identity) -> noise.third(HandMadeNoise.join(noise.payload(identity), oversized))),
                last(
                        "a signature of another key",
                        (noise, identity) -> noise.third(HandMadeNoise.payload(
                                Target.identity().publicKey().toArray(),
                                identity.sign(noise.signed()).toArray()))),
                last(
                        "a signature of something else",
                        (noise, identity) -> noise.third(HandMadeNoise.payload(
                                identity.publicKey().toArray(),
                                identity.sign(Bytes.utf8("something else")).toArray()))),
                last(
                        "a signature of 8 KB",
                        (noise, identity) -> noise.third(
                                HandMadeNoise.payload(identity.publicKey().toArray(), new byte[7000]))),
                last(
                        "a key of an unknown type",
                        (noise, identity) -> noise.third(HandMadeNoise.payload(
                                HandMadeNoise.join(field(1, 77), field(2, new byte[32])), new byte[64]))),
                last(
                        "an RSA key of 32,768 bits",
                        (noise, identity) -> noise.third(
                                HandMadeNoise.payload(rsa(32_768, BigInteger.valueOf(65_537)), new byte[4096]))),
                last(
                        "an RSA key with a huge exponent",
                        (noise, identity) -> noise.third(HandMadeNoise.payload(
                                rsa(8192, BigInteger.TWO.pow(8190).add(BigInteger.ONE)), new byte[1024]))),
                last("a flipped bit", (noise, identity) -> {
                    byte[] third = noise.third(noise.payload(identity));
                    third[40] ^= 1;
                    return third;
                }),
                attack("expensive keys", NoiseAttackTest::expensiveKeys),
                attack("the identity of the node itself", target -> {
                    for (int number = 0; number < times(20); number++) {
                        assertRefused(target, target.stolenIdentity());
                    }
                }));
    }

    private static List<Attack> transportMessages() {
        return List.of(
                damaged("a flipped bit in a message", peer -> {
                    byte[] sealed = peer.noise().sealed(ping());
                    sealed[3] ^= 1;
                    peer.noise().write(sealed);
                }),
                damaged("a skipped nonce", peer -> {
                    peer.noise().sealed(ping());
                    peer.noise().write(peer.noise().sealed(ping()));
                }),
                damaged("a replayed message", peer -> {
                    byte[] sealed = peer.noise().sealed(ping());
                    peer.noise().write(sealed);
                    peer.noise().write(sealed);
                }),
                damaged("a message shorter than its tag", peer -> peer.noise().write(new byte[15])),
                damaged("a message of no bytes", peer -> peer.noise().write(new byte[0])),
                damaged("messages after a failure", peer -> {
                    peer.sendRaw(HandMadeNoise.framed(Target.random(30_000)));
                    for (int number = 0; number < 1000; number++) {
                        peer.send(ping());
                    }
                }),
                attack("empty plaintexts", target -> {
                    HandMadePeer peer = target.peer();
                    for (int number = 0; number < times(50_000) && !target.isOver(); number++) {
                        peer.noise().write(peer.noise().sealed(new byte[0]));
                    }
                }),
                attack("a byte a message", target -> {
                    HandMadePeer peer = target.peer();
                    for (int number = 0; number < times(20_000) && !target.isOver(); number++) {
                        byte[] frame = ping();
                        peer.send(Arrays.copyOfRange(frame, number % 12, number % 12 + 1));
                    }
                }),
                attack("half of a message", target -> {
                    for (int number = 0; number < times(100); number++) {
                        target.peer().sendRaw(Arrays.copyOf(HandMadeNoise.framed(new byte[60_000]), 30_000));
                    }
                }));
    }

    private static byte[] ping() {
        return HandMadePeer.frame(HandMadePeer.PING, HandMadePeer.SYN, 0, 7);
    }

    /** Returns an attack with bytes instead of the first message. */
    private static Attack first(String name, byte[] bytes) {
        return attack(name, target -> {
            for (int number = 0; number < times(10); number++) {
                Socket socket = target.socket();
                target.noise(socket);
                socket.getOutputStream().write(bytes);
                if (number == 0 && bytes.length != 2) {
                    target.assertEnds(socket);
                }
            }
        });
    }

    /** Returns an attack with a last message that the node refuses. */
    private static Attack last(String name, Last last) {
        return attack(name, target -> {
            for (int number = 0; number < times(10); number++) {
                Socket socket = target.socket();
                HandMadeNoise noise = target.noise(socket);
                noise.write(noise.first());
                noise.readSecond();
                noise.write(last.of(noise, Target.identity()));
                target.assertEnds(socket);
            }
        });
    }

    /** Asserts that the node ends the connection of a peer, within its upgrade or after it. */
    private static void assertRefused(Target target, Identity identity) throws GeneralSecurityException, IOException {
        Optional<HandMadePeer> peer = target.refusedOrConnected(() -> target.peer(identity));
        if (peer.isPresent()) {
            target.assertEnds(peer.get());
        } else {
            target.count();
        }
    }

    /** Returns an attack with encrypted messages that the node cannot take. */
    private static Attack damaged(String name, Damage damage) {
        return attack(name, target -> {
            for (int number = 0; number < times(10); number++) {
                HandMadePeer peer = target.peer();
                damage.on(peer);
                target.assertEnds(peer);
            }
        });
    }

    private static void lowOrder(Target target) throws Exception {
        for (String point : LOW_ORDER) {
            Socket socket = target.socket();
            target.noise(socket).write(HexFormat.of().parseHex(point));
            target.assertEnds(socket);
        }
    }

    private static void replay(Target target) throws Exception {
        HandMadeNoise recorded = target.noise(target.socket());
        byte[] first = recorded.first();
        recorded.write(first);
        recorded.readSecond();
        byte[] third = recorded.third(recorded.payload(Target.identity()));
        recorded.write(third);
        for (int number = 0; number < times(10); number++) {
            Socket socket = target.socket();
            HandMadeNoise again = target.noise(socket);
            again.write(first);
            again.write(third);
            target.assertEnds(socket);
        }
    }

    /** Returns a public key of libp2p with an RSA modulus of that many bits. */
    private static byte[] rsa(int bits, BigInteger exponent) {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
        byte[] sequence = der(0x30, HandMadeNoise.join(der(2, modulus.toByteArray()), der(2, exponent.toByteArray())));
        byte[] algorithm = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
        byte[] bitString = der(3, HandMadeNoise.join(new byte[1], sequence));
        return HandMadeNoise.join(field(1, 0), field(2, der(0x30, HandMadeNoise.join(algorithm, bitString))));
    }

    private static byte[] der(int tag, byte[] content) {
        return HandMadeNoise.join(
                new byte[] {(byte) tag, (byte) 0x82, (byte) (content.length >> 8), (byte) content.length}, content);
    }

    /** Handshakes whose signatures are the slowest that the node has to verify. */
    private static void expensiveKeys(Target target) throws Exception {
        byte[] publicKey = HandMadeNoise.join(field(1, 0), field(2, RSA_KEY));
        byte[] largest = rsa(8192, BigInteger.valueOf(65_537));
        for (int number = 0; number < times(60) && !target.isOver(); number++) {
            try (Socket socket = target.socket()) {
                HandMadeNoise noise = target.noise(socket);
                noise.write(noise.first());
                noise.readSecond();
                byte[] key = number % 2 == 0 ? publicKey : largest;
                noise.write(noise.third(HandMadeNoise.payload(key, new byte[number % 2 == 0 ? 256 : 1024])));
                target.assertEnds(socket);
            }
        }
    }
}

package io.kad.interop.hostile;

import static io.kad.interop.hostile.KadMessages.closerPeer;
import static io.kad.interop.hostile.KadMessages.findNode;
import static io.kad.interop.hostile.KadMessages.getValue;
import static io.kad.interop.hostile.KadMessages.halfOf;
import static io.kad.interop.hostile.KadMessages.key;
import static io.kad.interop.hostile.KadMessages.message;
import static io.kad.interop.hostile.KadMessages.peer;
import static io.kad.interop.hostile.KadMessages.peerId;
import static io.kad.interop.hostile.KadMessages.putValue;
import static io.kad.interop.hostile.KadMessages.record;
import static io.kad.interop.hostile.KadMessages.recordField;
import static io.kad.interop.hostile.Target.random;
import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadeMessage.field;
import static io.kad.transport.netty.hostile.HandMadeMessage.prefixed;
import static io.kad.transport.netty.hostile.HandMadeMessage.varint;
import static io.kad.transport.netty.hostile.HandMadeNoise.join;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kad.api.Identity;
import io.kad.transport.netty.hostile.HandMadeConnection;
import io.kad.transport.netty.hostile.HandMadeMessage;
import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.hostile.HandMadeStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Attacks with the requests of the Kademlia protocol. */
class KadAttackTest extends StreamAttackTest {

    private static final byte[] KAD = HandMadePeer.proposal(NodeUnderAttack.PROTOCOL);
    private static final byte[] KEY = "/app/hostile".getBytes(US_ASCII);
    private static final int MAX = 4 << 20;

    /** Message of a flood. */
    private interface Numbered {
        byte[] message(int number);
    }

    @Override
    List<Attack> attacks() {
        return Stream.of(malformed(), sizes(), records(), providers(), floods())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Attack> malformed() {
        return List.of(
                sends("random bytes", 20, number -> prefixed(random(2000))),
                sends("a truncated message", 20, number -> {
                    byte[] whole = putValue(KEY, new byte[500]);
                    return join(varint(300), Arrays.copyOfRange(whole, 2, 302));
                }),
                sends("bytes behind a message", 20, number -> join(findNode(random(32)), random(1000))),
                sends("an unknown type", 20, number -> message(77, key(KEY))),
                sends("a negative type", 20, number -> message(-1, key(KEY))),
                sends("no type and no key", 20, number -> prefixed(new byte[0])),
                sends("a response as a request", 20, number -> message(KadMessages.FIND_NODE, key(KEY), peers(20))),
                sends(
                        "unknown fields",
                        20,
                        number -> message(KadMessages.FIND_NODE, key(KEY), many(field(500, 1), 5000))),
                sends(
                        "the same field 50,000 times",
                        20,
                        number -> message(KadMessages.FIND_NODE, many(key(KEY), 50_000))),
                sends("nested groups", 20, number -> message(KadMessages.FIND_NODE, many(new byte[] {0x53}, 100_000))),
                sends("nested peers", 20, number -> message(KadMessages.FIND_NODE, nested(200))),
                sends("an empty key", 20, number -> findNode(new byte[0])));
    }

    private static List<Attack> sizes() {
        return List.of(
                sends("a key of 4 MB", 2, number -> findNode(new byte[MAX - 100])),
                sends("a byte beyond 4 MiB", 4, number -> join(varint(MAX + 1L), new byte[1000])),
                sends("a declared length of 2 GiB", 20, number -> varint(0x7fff_ffffL)),
                sends("a declared length beyond 64 bits", 20, number -> many(new byte[] {(byte) 0xff}, 20)),
                attack("half messages that trickle", KadAttackTest::trickle),
                attack("large half messages of many peers", target -> {
                    for (int number = 0; number < times(20) && !target.isOver(); number++) {
                        send(target.connection(), 20, stream -> halfOf(MAX, 200 * 1024));
                    }
                }),
                sends(
                        "10,000 closer peers in a request",
                        4,
                        number -> message(KadMessages.FIND_NODE, key(KEY), peers(10_000))));
    }

    private static List<Attack> records() {
        byte[] other = "/app/another".getBytes(US_ASCII);
        byte[] text = "the value".getBytes(US_ASCII);
        return List.of(
                puts("a record of another key", number -> record(other, text)),
                puts("a record without a key", number -> field(2, text)),
                puts("an expired record", number -> record(KEY, text, field(777, 0), field(778, 1))),
                puts("a record of a far future", number -> record(KEY, text, field(777, 0xffff_ffffL), field(778, -1))),
                puts("a record that was received in no time", number -> record(KEY, text, field(5, random(40)))),
                puts("a publisher that is no peer", number -> record(KEY, text, field(666, random(40)))),
                puts("a record of 4 MB", number -> record(KEY, new byte[MAX - 1000])),
                puts("a key of 100 KB", number -> record(new byte[100_000], text)),
                sends("a key that is no text", 20, number -> putValue(random(40), text)),
                attack(
                        "20,000 records of one peer",
                        target -> flood(
                                target.connection(),
                                target,
                                20_000,
                                number -> putValue(("/app/" + number).getBytes(US_ASCII), random(40)))),
                attack("large records of many peers", target -> {
                    for (int peer = 0; peer < times(30) && !target.isOver(); peer++) {
                        send(target.connection(), 50, stream -> putValue(random(40), random(60_000)));
                    }
                }),
                attack(
                        "one record that changes all the time",
                        target -> flood(target.connection(), target, 5000, number -> putValue(KEY, random(200)))));
    }

    private static List<Attack> providers() {
        return List.of(
                adds("a provider that is somebody else", number -> peer(peerId(), KadMessages.address(1, 2, 3, 4, 5))),
                adds("a provider that is nobody", number -> peer(random(5))),
                attack("1,000 addresses of a provider", target -> addSelf(target, 20, addresses(1000))),
                attack("20,000 keys of a provider", target -> addSelf(target, 20_000, addresses(1))),
                attack("providers of one key by many peers", target -> {
                    for (int peer = 0; peer < times(100) && !target.isOver(); peer++) {
                        addSelf(target, 2, addresses(2));
                    }
                }));
    }

    private static List<Attack> floods() {
        return List.of(
                attack(
                        "requests in a pipeline",
                        target -> flood(target.connection(), target, 20_000, number -> findNode(random(32)))),
                attack(
                        "requests on many streams",
                        target -> send(target.connection(), 3000, stream -> findNode(random(32)))),
                attack("requests of many peers", target -> {
                    for (int peer = 0; peer < times(50) && !target.isOver(); peer++) {
                        send(target.connection(), 30, stream -> findNode(random(32)));
                    }
                }),
                attack("large records that nobody reads", target -> {
                    send(target.connection(), 1, stream -> putValue(KEY, new byte[60_000]));
                    for (int peer = 0; peer < times(8) && !target.isOver(); peer++) {
                        send(target.connection(), 63, stream -> many(getValue(KEY), 60));
                    }
                }),
                attack("requests whose stream is reset", target -> {
                    HandMadeConnection connection = target.connection();
                    for (int stream = 0; stream < times(3000) && !target.isOver(); stream++) {
                        connection.open(join(KAD, findNode(random(32)))).reset();
                    }
                }),
                sends("thousands of kad pings", 50, number -> many(message(KadMessages.PING), 1000)),
                sends(
                        "providers of unknown keys",
                        50,
                        number -> many(message(KadMessages.GET_PROVIDERS, key(random(34))), 200)));
    }

    /** Returns an attack of three peers with a message on each of some streams. */
    private static Attack sends(String name, int streams, Numbered numbered) {
        return attack(name, target -> {
            for (int peer = 0; peer < times(3); peer++) {
                send(target.connection(), streams, numbered);
            }
        });
    }

    private static Attack puts(String name, Numbered record) {
        return sends(name, 5, number -> message(KadMessages.PUT_VALUE, key(KEY), recordField(record.message(number))));
    }

    private static Attack adds(String name, Numbered provider) {
        return sends(name, 20, number -> KadMessages.addProvider(random(34), provider.message(number)));
    }

    private static void send(HandMadeConnection connection, int streams, Numbered numbered) throws Exception {
        for (int stream = 0; stream < streams; stream++) {
            connection.open(join(KAD, numbered.message(stream)));
        }
    }

    /** Sends many messages, fifty on each stream, and reads the answers. */
    private static void flood(HandMadeConnection connection, Target target, int messages, Numbered numbered)
            throws Exception {
        target.serve(connection, Map.of());
        for (int number = 0; number < times(messages) && !target.isOver(); number += 50) {
            byte[][] batch = new byte[50][];
            for (int at = 0; at < batch.length; at++) {
                batch[at] = numbered.message(number + at);
            }
            connection.openAndFinish(join(KAD, join(batch)));
            Target.pause(2);
        }
    }

    private static void addSelf(Target target, int keys, byte[][] addresses) throws Exception {
        Identity identity = Target.identity();
        byte[] self = peer(identity.peerId().bytes().toArray(), addresses);
        flood(target.connection(identity), target, keys, number -> KadMessages.addProvider(random(34), self));
    }

    private static void trickle(Target target) throws Exception {
        HandMadeConnection connection = target.connection();
        List<HandMadeStream> streams = new ArrayList<>();
        for (int stream = 0; stream < 60; stream++) {
            streams.add(connection.open(join(KAD, halfOf(MAX, 10))));
        }
        for (int at = 0; at < 200 && !target.isOver(); at++) {
            for (HandMadeStream stream : streams) {
                stream.send(new byte[1]);
            }
            Target.pause(10);
        }
    }

    private static byte[] many(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int at = 0; at < all.length; at++) {
            all[at] = bytes[at % bytes.length];
        }
        return all;
    }

    private static byte[] peers(int count) {
        byte[][] all = new byte[count][];
        for (int number = 0; number < count; number++) {
            all[number] = closerPeer(peer(peerId(), KadMessages.address(8, 8, number >> 8, number, 4001)));
        }
        return join(all);
    }

    private static byte[][] addresses(int count) {
        byte[][] all = new byte[count][];
        for (int number = 0; number < count; number++) {
            all[number] = KadMessages.address(8, 8, number >> 8, number, 4001);
        }
        return all;
    }

    private static byte[] nested(int depth) {
        byte[] inner = new byte[0];
        for (int level = 0; level < depth; level++) {
            inner = HandMadeMessage.field(8, inner);
        }
        return inner;
    }
}

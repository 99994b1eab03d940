package io.kad.interop.hostile;

import static io.kad.interop.hostile.HandMadeServer.answering;
import static io.kad.interop.hostile.HandMadeServer.identification;
import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadeMessage.field;
import static io.kad.transport.netty.hostile.HandMadeMessage.prefixed;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kad.transport.netty.hostile.HandMadeConnection;
import io.kad.transport.netty.hostile.HandMadeMessage;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Attacks with identify and identify push. */
class IdentifyAttackTest extends StreamAttackTest {

    private static final String IDENTIFY = "/ipfs/id/1.0.0";
    private static final byte[] PUSH = HandMadePeer.proposal("/ipfs/id/push/1.0.0");
    private static final int PEERS = 20;

    @Override
    List<Attack> attacks() {
        return List.of(
                answers("no answer", (stream, received) -> {}),
                answers("the end instead of an answer", answering(new byte[0])),
                answers("a reset instead of an answer", (stream, received) -> stream.reset()),
                answers("an answer of random bytes", answering(Target.random(5000))),
                answers("a declared length of 4 GiB", answering(HandMadeMessage.varint(0xffff_ffffL))),
                answers("an answer beyond 8 KiB", answering(prefixed(identification(field(99, new byte[8192]))))),
                answers(
                        "a hundred messages",
                        answering(repeat(prefixed(identification(field(99, new byte[8000]))), 100))),
                answers("10,000 addresses", answering(split(addresses(10_000)))),
                answers("10,000 protocols", answering(split(repeat(field(3, "/x/1.0.0".getBytes(US_ASCII)), 10_000)))),
                answers("addresses of victims", answering(prefixed(identification(victims())))),
                answers(
                        "broken addresses",
                        answering(prefixed(identification(
                                field(2, new byte[] {(byte) 0xff, (byte) 0xff, 3}),
                                field(2, new byte[0]),
                                field(4, new byte[3]))))),
                answers(
                        "the key of somebody else",
                        answering(prefixed(identification(
                                field(1, Target.identity().publicKey().toArray()))))),
                answers("a key that is none", answering(prefixed(identification(field(1, new byte[4000]))))),
                answers("a forged signed record", answering(prefixed(identification(field(8, Target.random(2000)))))),
                answers("an answer of one byte a frame", (stream, received) -> {
                    for (byte each : prefixed(identification())) {
                        stream.send(new byte[] {each});
                    }
                }),
                attack("pushes", target -> push(target, prefixed(identification(field(99, new byte[8000]))), 300)),
                attack("pushes of random bytes", target -> push(target, Target.random(1000), 300)),
                attack("pushes of ever new protocols", target -> {
                    for (int number = 0; number < times(50) && !target.isOver(); number++) {
                        byte[] name = ("/p/" + number).getBytes(US_ASCII);
                        push(target, prefixed(number % 2 == 0 ? identification() : field(3, name)), 5);
                    }
                }),
                attack("requests for identify", target -> open(target, HandMadePeer.proposal(IDENTIFY), 3000)),
                attack(
                        "half of a push",
                        target -> open(target, HandMadeNoise.join(PUSH, KadMessages.halfOf(8000, 4000)), 300)));
    }

    /** Returns an attack of peers that answer the identify of the node in this way. */
    private static Attack answers(String name, HandMadeServer.Service service) {
        return attack(name, target -> {
            for (int number = 0; number < times(PEERS); number++) {
                target.serve(target.connection(), Map.of(IDENTIFY, service));
            }
            Target.pause(300);
        });
    }

    private static void push(Target target, byte[] message, int streams) throws Exception {
        open(target, HandMadeNoise.join(PUSH, message), streams);
    }

    private static void open(Target target, byte[] bytes, int streams) throws Exception {
        HandMadeConnection connection = target.connection();
        for (int stream = 0; stream < times(streams) && !target.isOver(); stream++) {
            connection.openAndFinish(bytes);
        }
    }

    private static byte[] repeat(byte[] bytes, int times) {
        byte[][] all = new byte[times][];
        Arrays.fill(all, bytes);
        return HandMadeNoise.join(all);
    }

    private static byte[] addresses(int count) {
        byte[][] all = new byte[count][];
        for (int number = 0; number < count; number++) {
            all[number] = field(2, KadMessages.address(8, 8, number >> 8, number, 4001));
        }
        return HandMadeNoise.join(all);
    }

    private static byte[][] victims() {
        return new byte[][] {
            field(2, KadMessages.address(169, 254, 169, 254, 80)),
            field(2, KadMessages.address(127, 0, 0, 1, 22)),
            field(2, KadMessages.address(10, 0, 0, 1, 443)),
            field(2, KadMessages.address(0, 0, 0, 0, 1)),
            field(2, KadMessages.address(224, 0, 0, 1, 5353)),
            field(2, KadMessages.address(255, 255, 255, 255, 9))
        };
    }

    /** Returns fields as messages of at most 8 KiB. */
    private static byte[] split(byte[] fields) {
        byte[] messages = prefixed(identification());
        for (int at = 0; at < fields.length; at += 8000) {
            messages = HandMadeNoise.join(
                    messages, prefixed(Arrays.copyOfRange(fields, at, Math.min(fields.length, at + 8000))));
        }
        return messages;
    }
}

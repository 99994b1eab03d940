package io.kad.interop.hostile;

import static io.kad.interop.hostile.MultistreamAttackTest.repeat;
import static io.kad.interop.hostile.MultistreamAttackTest.withLength;
import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadePeer.message;

import io.kad.transport.netty.hostile.HandMadeConnection;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.hostile.HandMadeStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attacks with multistream-select on streams. */
class NegotiationAttackTest extends StreamAttackTest {

    private static final byte[] HEADER = message("/multistream/1.0.0");

    @Override
    List<Attack> attacks() {
        return List.of(
                attack("streams that never negotiate", target -> open(target, 300, new byte[0])),
                attack("streams that propose nothing", target -> open(target, 200, HEADER)),
                attack(
                        "streams that propose the unknown",
                        target -> open(target, 250, HandMadeNoise.join(HEADER, repeat(message("/unknown/1.0.0"), 40)))),
                attack(
                        "streams that ask for lists",
                        target -> open(target, 250, HandMadeNoise.join(HEADER, repeat(message("ls"), 2000)))),
                attack(
                        "streams with half a message",
                        target -> open(target, 250, HandMadeNoise.join(HEADER, withLength(1000, new byte[500])))),
                attack(
                        "streams that agree and say nothing",
                        target -> open(target, 250, HandMadePeer.proposal(NodeUnderAttack.PROTOCOL))),
                attack("negotiations of one byte a frame", NegotiationAttackTest::trickle));
    }

    private static void open(Target target, int streams, byte[] bytes) throws Exception {
        for (int connection = 0; connection < times(4); connection++) {
            HandMadeConnection peer = target.connection();
            for (int stream = 0; stream < streams; stream++) {
                peer.open(bytes);
            }
        }
    }

    private static void trickle(Target target) throws Exception {
        HandMadeConnection connection = target.connection();
        byte[] proposal = HandMadePeer.proposal(NodeUnderAttack.PROTOCOL);
        List<HandMadeStream> streams = new ArrayList<>();
        for (int stream = 0; stream < 200 && !target.isOver(); stream++) {
            streams.add(connection.open(Arrays.copyOf(proposal, 1)));
        }
        for (int at = 1; at < proposal.length; at++) {
            for (int stream = 0; stream < streams.size() && !target.isOver(); stream++) {
                streams.get(stream).send(new byte[] {proposal[at]});
            }
        }
    }
}

package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadePeer.FIN;
import static io.kad.transport.netty.hostile.HandMadePeer.SYN;
import static io.kad.transport.netty.hostile.HandMadePeer.data;

import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import java.util.List;

/** Attacks with the ping protocol. */
class PingAttackTest extends AttackTest {

    private static final byte[] PING = HandMadePeer.proposal("/ipfs/ping/1.0.0");

    @Override
    List<Attack> attacks() {
        return List.of(
                attack("31 bytes", target -> {
                    for (int number = 0; number < times(50); number++) {
                        target.peer().send(data(SYN, 1, HandMadeNoise.join(PING, new byte[31])));
                    }
                }),
                attack("pings whose echo nobody reads", target -> {
                    HandMadePeer peer = target.peer();
                    peer.send(data(SYN, 1, PING));
                    for (int number = 0; number < times(2000) && !target.isOver(); number++) {
                        peer.send(data(0, 1, new byte[32 * 100]));
                    }
                }),
                attack("streams of pings", target -> {
                    HandMadePeer peer = target.peer();
                    for (int stream = 0; stream < times(3000) && !target.isOver(); stream++) {
                        peer.send(data(SYN, 2 * stream + 1, HandMadeNoise.join(PING, new byte[32])));
                    }
                }),
                attack("pings that end at once", target -> {
                    HandMadePeer peer = target.peer();
                    for (int stream = 0; stream < times(2000) && !target.isOver(); stream++) {
                        peer.send(data(SYN | FIN, 2 * stream + 1, HandMadeNoise.join(PING, new byte[32])));
                    }
                }),
                attack("pings of one byte a frame", target -> {
                    HandMadePeer peer = target.peer();
                    peer.send(data(SYN, 1, PING));
                    for (int number = 0; number < times(32 * 500) && !target.isOver(); number++) {
                        peer.send(data(0, 1, new byte[1]));
                    }
                }),
                attack("pings of many peers", target -> {
                    for (int number = 0; number < times(60) && !target.isOver(); number++) {
                        HandMadePeer peer = target.peer();
                        peer.send(data(SYN, 1, HandMadeNoise.join(PING, new byte[32 * 2000])));
                    }
                }));
    }
}

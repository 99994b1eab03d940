package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.times;

import io.kad.transport.netty.hostile.HandMadeConnection;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.hostile.HandMadeStream;
import java.util.List;

/** Attacks with the ping protocol. */
class PingAttackTest extends StreamAttackTest {

    private static final byte[] PING = HandMadePeer.proposal("/ipfs/ping/1.0.0");

    @Override
    List<Attack> attacks() {
        return List.of(
                attack("31 bytes", target -> {
                    for (int number = 0; number < times(50); number++) {
                        target.connection().open(HandMadeNoise.join(PING, new byte[31]));
                    }
                }),
                attack("pings whose echo nobody reads", target -> {
                    HandMadeStream stream = target.connection().open(PING);
                    for (int number = 0; number < times(2000) && !target.isOver(); number++) {
                        stream.send(new byte[32 * 100]);
                    }
                }),
                attack("streams of pings", target -> {
                    HandMadeConnection connection = target.connection();
                    for (int stream = 0; stream < times(3000) && !target.isOver(); stream++) {
                        connection.open(HandMadeNoise.join(PING, new byte[32]));
                    }
                }),
                attack("pings that end at once", target -> {
                    HandMadeConnection connection = target.connection();
                    for (int stream = 0; stream < times(2000) && !target.isOver(); stream++) {
                        connection.openAndFinish(HandMadeNoise.join(PING, new byte[32]));
                    }
                }),
                attack("pings of one byte a frame", target -> {
                    HandMadeStream stream = target.connection().open(PING);
                    for (int number = 0; number < times(32 * 500) && !target.isOver(); number++) {
                        stream.send(new byte[1]);
                    }
                }),
                attack("pings of many peers", target -> {
                    for (int number = 0; number < times(60) && !target.isOver(); number++) {
                        target.connection().open(HandMadeNoise.join(PING, new byte[32 * 2000]));
                    }
                }));
    }
}

package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadePeer.ACK;
import static io.kad.transport.netty.hostile.HandMadePeer.DATA;
import static io.kad.transport.netty.hostile.HandMadePeer.FIN;
import static io.kad.transport.netty.hostile.HandMadePeer.GO_AWAY;
import static io.kad.transport.netty.hostile.HandMadePeer.PING;
import static io.kad.transport.netty.hostile.HandMadePeer.RST;
import static io.kad.transport.netty.hostile.HandMadePeer.SYN;
import static io.kad.transport.netty.hostile.HandMadePeer.WINDOW_UPDATE;
import static io.kad.transport.netty.hostile.HandMadePeer.data;
import static io.kad.transport.netty.hostile.HandMadePeer.frame;

import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Attacks with the frames of Yamux. */
class YamuxAttackTest extends AttackTest {

    private static final int WINDOW = 256 * 1024;
    private static final byte[] KAD = HandMadePeer.proposal(NodeUnderAttack.PROTOCOL);

    /** What a peer sends over a connection of its own. */
    private interface Frames {
        void send(HandMadePeer peer) throws Exception;
    }

    @Override
    List<Attack> attacks() {
        return Stream.of(broken(), odd(), floods()).flatMap(List::stream).toList();
    }

    /** Attacks that break the protocol, so that the node ends the connection. */
    private static List<Attack> broken() {
        return List.of(
                ends("a byte beyond the window", peer -> {
                    peer.send(data(SYN, 1, HandMadePeer.message("/multistream/1.0.0")));
                    peer.send(data(0, 1, new byte[WINDOW]));
                    peer.send(data(0, 1, new byte[WINDOW]));
                    peer.send(data(0, 1, new byte[WINDOW]));
                }),
                ends("a frame larger than the window", peer -> peer.send(frame(DATA, SYN, 1, 0x7fff_ffffL))),
                ends("a frame of 4 GiB", peer -> peer.send(frame(DATA, SYN, 1, 0xffff_ffffL))),
                ends("a window beyond 32 bits", peer -> {
                    peer.send(data(SYN, 1, KAD));
                    for (int number = 0; number < 5; number++) {
                        peer.send(frame(WINDOW_UPDATE, 0, 1, 0xffff_ffffL));
                    }
                }),
                ends("an unknown version", peer -> {
                    byte[] frame = frame(PING, SYN, 0, 1);
                    frame[0] = 1;
                    peer.send(frame);
                }),
                ends("an unknown type", peer -> peer.send(frame(4, 0, 1, 0))),
                ends("an even stream", peer -> peer.send(data(SYN, 2, KAD))),
                ends("stream 0", peer -> peer.send(data(SYN, 0, KAD))),
                ends("a stream that opens twice", peer -> {
                    peer.send(data(SYN, 1, KAD));
                    peer.send(data(SYN, 1, KAD));
                }),
                ends("the end of the session", peer -> peer.send(frame(GO_AWAY, 0, 0, 0))),
                ends(
                        "the end of the session by an unknown code",
                        peer -> peer.send(frame(GO_AWAY, 0, 0, 0xdead_beefL))));
    }

    /** Attacks with odd frames, whatever the node does about them. */
    private static List<Attack> odd() {
        return List.of(
                sends("data on unknown streams", 2000, number -> data(0, 2 * number + 1, new byte[1000])),
                sends("updates of unknown streams", 20_000, number -> frame(WINDOW_UPDATE, 0, 2 * number + 1, 1)),
                sends("resets of unknown streams", 20_000, number -> frame(WINDOW_UPDATE, RST, 2 * number + 1, 0)),
                sends("all flags at once", 2000, number -> data(0xffff, 2 * number + 1, new byte[10])),
                sends("streams that end when they open", 2000, number -> frame(DATA, SYN | FIN, 2 * number + 1, 0)),
                sends(
                        "streams that are reset when they open",
                        3000,
                        number -> frame(DATA, SYN | RST, 2 * number + 1, 0)),
                sends("pongs that nobody waits for", 20_000, number -> frame(PING, ACK, 0, number)),
                sends(
                        "acknowledged streams that were never opened",
                        2000,
                        number -> frame(WINDOW_UPDATE, ACK, 2 * number + 2, 0)),
                peers("data after the end of a stream", peer -> {
                    peer.send(data(SYN | FIN, 1, KAD));
                    for (int number = 0; number < 1000; number++) {
                        peer.send(data(0, 1, new byte[100]));
                    }
                }),
                peers("data after a reset", peer -> {
                    peer.send(data(SYN, 1, KAD));
                    peer.send(frame(WINDOW_UPDATE, RST, 1, 0));
                    for (int number = 0; number < 1000; number++) {
                        peer.send(data(0, 1, new byte[100]));
                    }
                }),
                peers("a stream number that is used again", peer -> {
                    for (int number = 0; number < 1000; number++) {
                        peer.send(HandMadeNoise.join(data(SYN, 1, KAD), frame(WINDOW_UPDATE, RST, 1, 0)));
                    }
                }),
                peers("the highest stream numbers", peer -> {
                    peer.send(data(SYN, 0x7fff_ffff, KAD));
                    peer.send(data(SYN, 0xffff_ffff, KAD));
                    peer.send(data(SYN, 1, KAD));
                }));
    }

    private static List<Attack> floods() {
        return List.of(
                sends(
                        "rapid reset",
                        20_000,
                        number -> HandMadeNoise.join(
                                data(SYN, 2 * number + 1, KAD), frame(WINDOW_UPDATE, RST, 2 * number + 1, 0))),
                sends("pings", 200_000, number -> frame(PING, SYN, 0, number)),
                sends("data of no bytes", 200_000, number -> frame(DATA, number == 0 ? SYN : 0, 1, 0)),
                sends("updates of one byte", 200_000, number -> frame(WINDOW_UPDATE, number == 0 ? SYN : 0, 1, 1)),
                sends("more streams than the limit", 3000, number -> data(SYN, 2 * number + 1, new byte[0])),
                sends("full windows on many streams", 250, number -> data(SYN, 2 * number + 1, new byte[WINDOW])),
                attack("requests without a window for the answers", YamuxAttackTest::grantNothing),
                attack("many connections with full windows", target -> {
                    for (int connection = 0; connection < times(10) && !target.isOver(); connection++) {
                        HandMadePeer peer = target.peer();
                        for (int stream = 0; stream < 60; stream++) {
                            byte[] half = HandMadeNoise.join(KAD, KadMessages.halfOf(4 << 20, 200 * 1024));
                            peer.send(data(SYN, 2 * stream + 1, half));
                        }
                    }
                }));
    }

    /** Returns an attack after which the node ends the connection. */
    private static Attack ends(String name, Frames frames) {
        return attack(name, target -> {
            for (int number = 0; number < times(5); number++) {
                HandMadePeer peer = target.peer();
                frames.send(peer);
                target.assertEnds(peer);
            }
        });
    }

    private static Attack peers(String name, Frames frames) {
        return attack(name, target -> {
            for (int number = 0; number < times(5); number++) {
                frames.send(target.peer());
            }
        });
    }

    /** Frame of a flood. */
    private interface Numbered {
        byte[] frame(int number);
    }

    private static Attack sends(String name, int frames, Numbered numbered) {
        return attack(name, target -> {
            HandMadePeer peer = target.peer();
            for (int number = 0; number < times(frames) && !target.isOver(); number += 100) {
                byte[][] batch = new byte[100][];
                for (int at = 0; at < batch.length; at++) {
                    batch[at] = numbered.frame(number + at);
                }
                peer.send(HandMadeNoise.join(batch));
            }
        });
    }

    private static void grantNothing(Target target) throws Exception {
        byte[] key = "/app/unread".getBytes(StandardCharsets.US_ASCII);
        target.peer().send(data(SYN, 1, HandMadeNoise.join(KAD, KadMessages.putValue(key, new byte[60_000]))));
        for (int connection = 0; connection < times(8); connection++) {
            HandMadePeer peer = target.peer();
            for (int stream = 0; stream < 60; stream++) {
                byte[][] requests = new byte[200][];
                Arrays.fill(requests, KadMessages.getValue(key));
                peer.send(data(SYN, 2 * stream + 1, HandMadeNoise.join(KAD, HandMadeNoise.join(requests))));
            }
        }
    }
}

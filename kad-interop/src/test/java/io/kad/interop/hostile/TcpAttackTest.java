package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.pause;
import static io.kad.interop.hostile.Target.times;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Attacks with TCP connections. */
class TcpAttackTest extends AttackTest {

    @Override
    List<Attack> attacks() {
        return List.of(
                attack("connect and hang", target -> connect(target, 100, new byte[0])),
                attack(
                        "hang in the middle of the upgrade",
                        target -> connect(target, 100, HandMadePeer.message("/multistream/1.0.0"))),
                attack("hold every place of an upgrade", target -> connect(target, 300, new byte[0])),
                attack(
                        "hold every place of an upgrade that has begun",
                        target -> connect(target, 300, HandMadePeer.proposal("/noise"))),
                attack("hold every place of a connection", target -> idle(target, 620)),
                attack("hold every place with a request each", target -> request(target, 620)),
                attack("a byte at a time", TcpAttackTest::trickle),
                attack("resets at once", target -> resetAtOnce(target, 1000)),
                attack("connections in sequence", TcpAttackTest::inSequence),
                attack("connections of many threads", TcpAttackTest::inParallel),
                attack("half-closed at once", TcpAttackTest::halfClose),
                attack("random bytes", target -> connect(target, 50, Target.random(64 * 1024))),
                attack("zeros without end", target -> connect(target, 20, new byte[1 << 20])),
                attack(
                        "HTTP",
                        target -> target.assertEnds(target.socket(
                                ("GET / HTTP/1.1\r\nHost: node\r\nUser-Agent: " + "x".repeat(80) + "\r\n\r\n")
                                        .getBytes(US_ASCII)))),
                attack(
                        "a client of TLS",
                        target -> target.assertEnds(target.socket(
                                HandMadeNoise.join(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc}, new byte[508])))),
                attack("upgraded and idle", target -> idle(target, 100)),
                attack("upgraded and reset", TcpAttackTest::upgradeAndReset),
                attack("half a handshake", TcpAttackTest::halfHandshakes));
    }

    private static void connect(Target target, int connections, byte[] bytes) throws IOException {
        for (int number = 0; number < times(connections); number++) {
            try {
                target.socket(bytes);
            } catch (IOException ended) {
                // as it may
            }
        }
    }

    private static void trickle(Target target) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int number = 0; number < times(20); number++) {
            sockets.add(target.socket());
        }
        byte[] upgrade = HandMadePeer.proposal("/noise");
        for (int at = 0; at < upgrade.length && !target.isOver(); at++) {
            for (Socket socket : sockets) {
                socket.getOutputStream().write(upgrade, at, 1);
            }
            pause(50);
        }
    }

    private static void resetAtOnce(Target target, int connections) throws IOException {
        for (int number = 0; number < times(connections) && !target.isOver(); number++) {
            reset(target.shortLivedSocket());
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void inSequence(Target target) throws IOException {
        for (int number = 0; number < times(3000) && !target.isOver(); number++) {
            target.shortLivedSocket().close();
        }
    }

    private static void inParallel(Target target) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            Thread thread = new Thread(() -> {
                try {
                    resetAtOnce(target, 200);
                } catch (IOException ended) {
                    // as it may
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void halfClose(Target target) throws IOException {
        for (int number = 0; number < times(200); number++) {
            Socket socket = target.socket();
            socket.shutdownOutput();
            target.assertEnds(socket);
            socket.close();
        }
    }

    private static void idle(Target target, int connections) throws Exception {
        for (int number = 0; number < times(connections); number++) {
            target.peer();
        }
    }

    private static void request(Target target, int connections) throws Exception {
        byte[] request = HandMadeNoise.join(
                HandMadePeer.proposal(NodeUnderAttack.PROTOCOL), KadMessages.findNode(Target.random(32)));
        for (int number = 0; number < times(connections); number++) {
            target.peer().send(HandMadePeer.data(HandMadePeer.SYN, 1, request));
        }
    }

    private static void upgradeAndReset(Target target) throws Exception {
        for (int number = 0; number < times(200) && !target.isOver(); number++) {
            target.peer().reset();
        }
    }

    private static void halfHandshakes(Target target) throws Exception {
        for (int number = 0; number < times(300) && !target.isOver(); number++) {
            try (Socket socket = target.socket()) {
                HandMadeNoise noise = target.noise(socket);
                noise.write(noise.first());
                noise.readSecond();
            }
        }
    }
}

package io.kad.interop.hostile;

import static io.kad.interop.hostile.Target.pause;
import static io.kad.interop.hostile.Target.times;
import static io.kad.transport.netty.hostile.HandMadeNoise.join;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.BINARY;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.CLOSE;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.CONTINUATION;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.LAST;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.PING;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.REQUEST;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.TEXT;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.frame;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.header;
import static io.kad.transport.netty.hostile.HandMadeWebSocket.unmasked;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.hostile.HandMadeStack;
import io.kad.transport.netty.hostile.HandMadeWebSocket;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Attacks with the handshake and the frames of WebSocket. */
class WebSocketAttackTest extends AttackTest {

    private static final byte[] PROPOSAL = HandMadePeer.proposal("/noise");
    private static final int MASKED = 0x80;

    @Override
    List<HandMadeStack> stacks() {
        return List.of(HandMadeStack.WEBSOCKET);
    }

    @Override
    List<Attack> attacks() {
        return Stream.of(requests(), frames(), slow()).flatMap(List::stream).toList();
    }

    private static List<Attack> requests() {
        return List.of(
                asks("no upgrade", "GET / HTTP/1.1\r\nHost: node\r\n\r\n"),
                asks("a request to store", "POST / HTTP/1.1\r\nHost: node\r\nContent-Length: 1000000\r\n\r\n"),
                asks("a first line of 100 KB", "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n"),
                asks("a header of 1 MB", REQUEST + "X: " + "a".repeat(1_000_000) + "\r\n\r\n"),
                asks("50,000 headers", REQUEST + "X: y\r\n".repeat(50_000) + "\r\n"),
                asks("no key", REQUEST.replaceAll("Sec-WebSocket-Key[^\\n]*\\n", "") + "\r\n"),
                asks("an old version", REQUEST.replace("Version: 13", "Version: 8") + "\r\n"),
                asks("no HTTP", "GET " + "\0".repeat(5000) + "\r\n\r\n"),
                asks("requests in a pipeline", "GET / HTTP/1.1\r\nHost: node\r\n\r\n".repeat(5000)));
    }

    private static List<Attack> frames() {
        return List.of(
                ends("frames without a mask", unmasked(LAST | BINARY, PROPOSAL)),
                ends("text", frame(LAST | TEXT, PROPOSAL)),
                ends("compressed frames", frame(LAST | 0x40 | BINARY, PROPOSAL)),
                ends("reserved bits", frame(LAST | 0x30 | BINARY, PROPOSAL)),
                ends("an unknown kind of frame", frame(LAST | 5, PROPOSAL)),
                ends("a continuation of nothing", frame(LAST | CONTINUATION, PROPOSAL)),
                ends("a message within a message", join(frame(BINARY, PROPOSAL), frame(BINARY, PROPOSAL))),
                ends("a ping in parts", frame(PING, new byte[10])),
                ends("a ping of 1 KB", frame(LAST | PING, new byte[1000])),
                ends("a length of 63 bits", join(header(LAST | BINARY, MASKED, Long.MAX_VALUE), new byte[4])),
                ends(
                        "a length in needless bytes",
                        join(new byte[] {(byte) (LAST | BINARY), (byte) 0xfe, 0, 5}, new byte[9])),
                ends("a message beyond 16 MiB", join(header(LAST | BINARY, MASKED, (16L << 20) + 1), new byte[4])),
                ends("garbage in frames", many(frame(LAST | BINARY, Target.random(8000)), 100)),
                ends("closes", many(frame(LAST | CLOSE, new byte[] {3, (byte) 232}), 100)),
                floods("pings", frame(LAST | PING, new byte[125]), 3000),
                floods("empty frames", frame(LAST | BINARY, new byte[0]), 3000),
                floods("empty parts", frame(CONTINUATION, new byte[0]), 3000));
    }

    private static List<Attack> slow() {
        return List.of(
                attack(
                        "headers that trickle",
                        target -> trickle(target, (REQUEST + "X: " + "y".repeat(2000)).getBytes(US_ASCII))),
                attack("half a request", target -> hang(target, REQUEST.getBytes(US_ASCII))),
                attack("an upgrade and nothing more", target -> hang(target, (REQUEST + "\r\n").getBytes(US_ASCII))),
                attack(
                        "half a frame",
                        target -> hang(
                                target,
                                join(
                                        (REQUEST + "\r\n").getBytes(US_ASCII),
                                        header(LAST | BINARY, MASKED, 1 << 20),
                                        new byte[5000]))),
                attack("a byte a frame", target -> {
                    Socket socket = upgraded(target);
                    byte[] frame = frame(BINARY, new byte[] {0});
                    byte[] next = frame(CONTINUATION, new byte[] {0});
                    socket.getOutputStream().write(frame);
                    for (int count = 0; count < times(20_000) && !target.isOver(); count++) {
                        socket.getOutputStream().write(next);
                    }
                }),
                attack("pings whose answers nobody reads", target -> {
                    for (int number = 0; number < times(20) && !target.isOver(); number++) {
                        Socket socket = upgraded(target);
                        byte[] pings = many(frame(LAST | PING, new byte[125]), 1000);
                        socket.getOutputStream().write(pings);
                    }
                }));
    }

    /** Returns an attack with requests after which the node ends the connection. */
    private static Attack asks(String name, String request) {
        return attack(name, target -> {
            for (int number = 0; number < times(10); number++) {
                Socket socket = target.socket();
                write(socket, request.getBytes(US_ASCII));
                target.assertEnds(socket);
            }
        });
    }

    /** Returns an attack with frames after which the node ends the connection. */
    private static Attack ends(String name, byte[] frames) {
        return attack(name, target -> {
            for (int number = 0; number < times(10); number++) {
                Socket socket = upgraded(target);
                write(socket, frames);
                target.assertEnds(socket);
            }
        });
    }

    /** Returns an attack with more frames without data than a peer may send, behind the start of a negotiation. */
    private static Attack floods(String name, byte[] frame, int count) {
        return ends(name, join(frame(BINARY, Arrays.copyOf(PROPOSAL, 5)), many(frame, count)));
    }

    private static Socket upgraded(Target target) throws IOException {
        Socket socket = target.socket();
        new HandMadeWebSocket(socket).upgrade();
        return socket;
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException ended) {
            // before it was all written
        }
    }

    private static void hang(Target target, byte[] bytes) {
        for (int number = 0; number < times(150) && !target.isOver(); number++) {
            try {
                target.socket(bytes);
            } catch (IOException ended) {
                // as it may
            }
        }
    }

    private static void trickle(Target target, byte[] bytes) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int number = 0; number < times(50); number++) {
            sockets.add(target.socket());
        }
        for (int at = 0; at < bytes.length && !target.isOver(); at++) {
            for (Socket socket : sockets) {
                socket.getOutputStream().write(bytes, at, 1);
            }
            pause(20);
        }
    }

    private static byte[] many(byte[] bytes, int times) {
        byte[][] all = new byte[times][];
        Arrays.fill(all, bytes);
        return join(all);
    }
}

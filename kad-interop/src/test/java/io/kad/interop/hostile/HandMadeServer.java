package io.kad.interop.hostile;

import static io.kad.transport.netty.hostile.HandMadePeer.message;

import io.kad.transport.netty.hostile.HandMadeMessage;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadePeer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Serves, by hand, the streams that a node opens over the connection of a {@link HandMadePeer}: agrees on every protocol, and hands what comes
 * then to {@link Service}s. A thread of its own reads until the connection ends.
 */
final class HandMadeServer implements Closeable {

    /** Serves the streams of one protocol. */
    interface Service {

        /** Called when the protocol was agreed, and when bytes have come; those that it does not take are there again. */
        void onBytes(Stream stream, byte[] received) throws IOException, GeneralSecurityException;
    }

    private static final int WINDOW = 256 * 1024;
    private static final byte[] HEADER = message("/multistream/1.0.0");

    private final HandMadePeer peer;
    private final Map<String, Service> services;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private volatile Optional<Throwable> fault = Optional.empty();

    /** Starts to serve; without a service for a protocol, it agrees and stays silent. */
    HandMadeServer(HandMadePeer peer, Map<String, Service> services) {
        this.peer = peer;
        this.services = Map.copyOf(services);
        Thread reader = new Thread(this::serve, "hand-made-server");
        reader.setDaemon(true);
        reader.start();
    }

    /** Stream that the node has opened. */
    final class Stream {

        private final int id;
        private byte[] received = new byte[0];
        private byte[] unsent = new byte[0];
        private long credit = WINDOW;
        private boolean ending;
        private Service service;

        private Stream(int id) {
            this.id = id;
        }

        /** Takes the first {@code count} received bytes. */
        void take(int count) {
            received = Arrays.copyOfRange(received, count, received.length);
        }

        /** Sends bytes as the node grants them. */
        synchronized void send(byte[] bytes) throws IOException, GeneralSecurityException {
            unsent = HandMadeNoise.join(unsent, bytes);
            flush();
        }

        /** Sends bytes, and then the end of this side. */
        synchronized void end(byte[] bytes) throws IOException, GeneralSecurityException {
            ending = true;
            send(bytes);
        }

        /** Resets the stream. */
        void reset() throws IOException, GeneralSecurityException {
            peer.send(HandMadePeer.frame(HandMadePeer.WINDOW_UPDATE, HandMadePeer.RST, id, 0));
        }

        private synchronized void grant(long bytes) throws IOException, GeneralSecurityException {
            credit += bytes;
            flush();
        }

        private void flush() throws IOException, GeneralSecurityException {
            while (credit > 0 && unsent.length > 0) {
                int part = (int) Math.min(Math.min(credit, 32 * 1024), unsent.length);
                peer.send(HandMadePeer.data(0, id, Arrays.copyOf(unsent, part)));
                unsent = Arrays.copyOfRange(unsent, part, unsent.length);
                credit -= part;
            }
            if (ending && unsent.length == 0) {
                ending = false;
                peer.send(HandMadePeer.frame(HandMadePeer.DATA, HandMadePeer.FIN, id, 0));
            }
        }

        private void receive(byte[] bytes) throws IOException, GeneralSecurityException {
            received = HandMadeNoise.join(received, bytes);
            if (service == null && !negotiate()) {
                return;
            }
            service.onBytes(this, received);
        }

        /** Agrees on the proposed protocol; returns whether it was complete. */
        private boolean negotiate() throws IOException, GeneralSecurityException {
            if (received.length <= HEADER.length || received.length <= HEADER.length + received[HEADER.length]) {
                return false;
            }
            int length = received[HEADER.length];
            byte[] proposal = Arrays.copyOfRange(received, HEADER.length, HEADER.length + 1 + length);
            take(HEADER.length + 1 + length);
            String protocol = new String(proposal, 1, length - 1, StandardCharsets.US_ASCII);
            service = services.getOrDefault(protocol, (stream, bytes) -> {});
            send(HandMadeNoise.join(HEADER, proposal));
            return true;
        }
    }

    private void serve() {
        try {
            while (true) {
                onFrame(peer.receive());
            }
        } catch (IOException ended) {
            // the connection has ended
        } catch (GeneralSecurityException | RuntimeException | Error broken) {
            fault = Optional.of(broken);
        }
    }

    /** Returns what this server, or a service of it, has done wrong: a test in which it says nothing any more proves nothing. */
    Optional<Throwable> fault() {
        return fault;
    }

    private void onFrame(HandMadePeer.Frame frame) throws IOException, GeneralSecurityException {
        if (frame.type() == HandMadePeer.PING && (frame.flags() & HandMadePeer.SYN) != 0) {
            peer.send(HandMadePeer.frame(HandMadePeer.PING, HandMadePeer.ACK, 0, frame.length()));
        }
        if (frame.type() > HandMadePeer.WINDOW_UPDATE || frame.stream() % 2 != 0) {
            return;
        }
        Stream stream = streams.computeIfAbsent(frame.stream(), Stream::new);
        if ((frame.flags() & HandMadePeer.RST) != 0) {
            streams.remove(frame.stream());
        } else if (frame.type() == HandMadePeer.WINDOW_UPDATE) {
            stream.grant(frame.length());
        } else if (frame.length() > 0) {
            stream.receive(bytes(frame.payload()));
        }
    }

    private static byte[] bytes(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return bytes;
    }

    /** Returns a service that sends {@code answer} and ends the stream. */
    static Service answering(byte[] answer) {
        return (stream, received) -> stream.end(answer);
    }

    /** Returns an identify message without a length, with further fields behind its protocols. */
    static byte[] identification(byte[]... fields) {
        byte[] protocols = new byte[0];
        for (String protocol : new String[] {"/ipfs/id/1.0.0", "/ipfs/ping/1.0.0", NodeUnderAttack.PROTOCOL}) {
            protocols = HandMadeNoise.join(
                    protocols, HandMadeMessage.field(3, protocol.getBytes(StandardCharsets.US_ASCII)));
        }
        return HandMadeNoise.join(protocols, HandMadeNoise.join(fields));
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}

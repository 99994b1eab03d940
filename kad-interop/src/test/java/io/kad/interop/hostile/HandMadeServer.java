package io.kad.interop.hostile;

import static io.kad.transport.netty.hostile.HandMadePeer.message;

import io.kad.transport.netty.hostile.HandMadeConnection;
import io.kad.transport.netty.hostile.HandMadeMessage;
import io.kad.transport.netty.hostile.HandMadeNoise;
import io.kad.transport.netty.hostile.HandMadeStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves, by hand, the streams that a node opens over a connection: agrees on every protocol, and hands what comes then to {@link Service}s.
 */
final class HandMadeServer implements Closeable {

    /** Serves the streams of one protocol. */
    interface Service {

        /** Called when the protocol was agreed, and when bytes have come; those that it does not take are there again. */
        void onBytes(Stream stream, byte[] received) throws IOException, GeneralSecurityException;
    }

    private static final byte[] HEADER = message("/multistream/1.0.0");

    private final HandMadeConnection connection;
    private final Map<String, Service> services;
    private final Map<HandMadeStream, Stream> streams = new ConcurrentHashMap<>();

    /** Starts to serve; without a service for a protocol, it agrees and stays silent. */
    HandMadeServer(HandMadeConnection connection, Map<String, Service> services) {
        this.connection = connection;
        this.services = Map.copyOf(services);
        connection.receive(new HandMadeConnection.Receiver() {
            @Override
            public void onBytes(HandMadeStream stream, byte[] bytes) throws IOException, GeneralSecurityException {
                streams.computeIfAbsent(stream, Stream::new).receive(bytes);
            }

            @Override
            public void onEnd(HandMadeStream stream) {
                streams.remove(stream);
            }
        });
    }

    /** Stream that the node has opened. */
    final class Stream {

        private final HandMadeStream stream;
        private byte[] received = new byte[0];
        private Service service;

        private Stream(HandMadeStream stream) {
            this.stream = stream;
        }

        /** Takes the first {@code count} received bytes. */
        void take(int count) {
            received = Arrays.copyOfRange(received, count, received.length);
        }

        /** Sends bytes as the node grants them. */
        void send(byte[] bytes) throws IOException, GeneralSecurityException {
            stream.sendLater(bytes);
        }

        /** Sends bytes, and then the end of this side. */
        void end(byte[] bytes) throws IOException, GeneralSecurityException {
            send(bytes);
            stream.finish();
        }

        /** Resets the stream. */
        void reset() throws IOException, GeneralSecurityException {
            stream.reset();
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

    /** Returns what this server, or a service of it, has done wrong: a test in which it says nothing any more proves nothing. */
    Optional<Throwable> fault() {
        return Optional.ofNullable(connection.fault());
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
        connection.close();
    }
}

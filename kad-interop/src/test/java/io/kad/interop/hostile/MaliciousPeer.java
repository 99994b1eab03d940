package io.kad.interop.hostile;

import static io.kad.transport.netty.hostile.HandMadeMessage.field;
import static io.kad.transport.netty.hostile.HandMadeMessage.prefixed;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.hostile.HandMadeYamux;
import java.io.Closeable;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Peer that says it is a server of the network, is the closest to a key, and answers badly. Written by hand. */
final class MaliciousPeer implements Closeable {

    /** How it answers. */
    interface Answers {
        void answer(MaliciousPeer self, Question question, HandMadeServer.Stream stream)
                throws IOException, GeneralSecurityException;
    }

    private final Identity identity;
    private final HandMadePeer connection;
    private final HandMadeServer server;
    private final AtomicInteger asked = new AtomicInteger();

    /** Connects to the node, with an identity that is closer to {@code key} than hundreds of others. */
    MaliciousPeer(NodeUnderAttack node, KadKey key, Answers answers) throws IOException, GeneralSecurityException {
        identity = Stream.generate(Target::identity)
                .limit(200)
                .min(Comparator.comparing(
                        candidate -> key.distance(candidate.peerId().kadKey())))
                .orElseThrow();
        connection = new HandMadePeer(identity, node.address());
        byte[] identification = HandMadeServer.identification(
                field(1, identity.publicKey().toArray()), field(2, KadMessages.address(127, 0, 0, 1, 1)));
        server = new HandMadeServer(
                new HandMadeYamux(connection),
                Map.of(
                        "/ipfs/id/1.0.0",
                        HandMadeServer.answering(prefixed(identification)),
                        "/ipfs/ping/1.0.0",
                        (stream, received) -> {
                            stream.take(received.length);
                            stream.send(received);
                        },
                        NodeUnderAttack.PROTOCOL,
                        (stream, received) -> {
                            Question question = Question.read(received);
                            if (question != null) {
                                stream.take(received.length);
                                asked.incrementAndGet();
                                answers.answer(this, question, stream);
                            }
                        }));
    }

    PeerId id() {
        return identity.peerId();
    }

    /** Returns how many requests have come. */
    int asked() {
        return asked.get();
    }

    /** Returns what this peer has done wrong otherwise than it was told to; empty if nothing. */
    Optional<Throwable> fault() {
        return server.fault();
    }

    /** Returns the connection to the node. */
    HandMadePeer connection() {
        return connection;
    }

    /** Returns ids of peers that do not exist and are closer to {@code key} than thousands of others. */
    static List<PeerId> forged(KadKey key, int count) {
        return Stream.generate(() -> PeerId.fromBytes(Bytes.of(KadMessages.peerId())))
                .limit(5000)
                .sorted(Comparator.comparing(id -> key.distance(id.kadKey())))
                .limit(count)
                .toList();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

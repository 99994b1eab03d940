package io.kad.interop;

import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.core.peer.PeerBuilder;
import io.kad.core.runtime.Environment;
import io.kad.core.runtime.SharedThreads;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A kad peer inside this process, with {@link Patience}: as real on the network as the others, lighter by a virtual machine, and with a store, events and a wall
 * clock that a test can reach.
 */
final class EmbeddedPeer implements AutoCloseable {

    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(30);

    private final SharedThreads.Pools pools = SharedThreads.acquire();
    private final ExecutorService callbacks = pools.newCallbackPool();
    private final Kademlia peer;
    private final Queue<DhtEvent> events = new ConcurrentLinkedQueue<>();

    /**
     * Starts a peer that listens on the loopback interface.
     *
     * @param clockOffset what its wall clock is ahead of that of this machine
     */
    EmbeddedPeer(KademliaConfig config, Duration clockOffset) {
        peer = new PeerBuilder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(patient(config))
                .environment(environment(InstantSource.offset(InstantSource.system(), clockOffset)))
                .build();
        peer.onEvent(events::add);
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
    }

    private static KademliaConfig patient(KademliaConfig config) {
        KademliaConfig.Builder patient = config.toBuilder();
        Patience.OPTIONS.forEach(patient::set);
        return patient.build();
    }

    private Environment environment(InstantSource wallClock) {
        long origin = System.nanoTime();
        return new Environment(
                pools.engine(),
                pools.store(),
                callbacks,
                (delay, task) -> {
                    var scheduled = pools.timer().schedule(task, delay, TimeUnit.NANOSECONDS);
                    return () -> scheduled.cancel(false);
                },
                () -> System.nanoTime() - origin,
                wallClock,
                new SecureRandom().nextLong());
    }

    PeerId peerId() {
        return peer.peerId();
    }

    /** Returns where the peer listens, with its id at the end. */
    String address() {
        return peer.addresses().get(0).withPeerId(peer.peerId()).toString();
    }

    /** Connects to a peer, and waits until it is in the routing table. */
    void join(String address) {
        PeerInfo other = PeerInfo.parse(address);
        peer.connect(other, DIAL_TIMEOUT).join();
        await().atMost(PeerProcess.PATIENCE).until(() -> knows(other.id()));
    }

    void bootstrap() {
        peer.bootstrap().result().join();
    }

    /** Returns whether the routing table holds {@code other}. */
    boolean knows(PeerId other) {
        return peer.closestLocalPeers(other.bytes(), 1).stream()
                .anyMatch(closest -> closest.id().equals(other));
    }

    /** Stores a value at whomever it can, and returns when that is over. */
    void put(String key, String value, Quorum quorum) {
        peer.putRecord(Record.of(RecordKey.utf8(key), Bytes.utf8(value)), quorum)
                .result()
                .join();
    }

    /** Stores a value at one peer only. */
    void putTo(String key, String value, String address) {
        peer.putRecordTo(
                        Record.of(RecordKey.utf8(key), Bytes.utf8(value)),
                        List.of(PeerInfo.parse(address)),
                        Quorum.one())
                .result()
                .join();
    }

    /** Returns the value that a get of all holders finds best. */
    String get(String key) {
        return text(peer.getRecord(RecordKey.utf8(key), Quorum.all())
                .result()
                .join()
                .record());
    }

    /** Returns the value in the own store. */
    Optional<String> held(String key) {
        try {
            return peer.recordStore().get(RecordKey.utf8(key)).map(EmbeddedPeer::text);
        } catch (StoreException failed) {
            throw new AssertionError(failed);
        }
    }

    static String text(Record record) {
        return record.value().utf8().orElseThrow();
    }

    /** Returns the events of one kind so far. */
    <E extends DhtEvent> Stream<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** Returns the first event of one kind that fits, be it past or yet to come. */
    <E extends DhtEvent> E event(Class<E> kind, Predicate<E> fits) {
        return await().atMost(PeerProcess.PATIENCE)
                .until(() -> events(kind).filter(fits).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        peer.close();
        pools.end(callbacks);
        SharedThreads.release();
    }
}

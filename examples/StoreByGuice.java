import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.*;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.*;
import io.kad.core.inject.KademliaModule;
import io.kad.store.memory.MemoryRecordStoreProvider;
import io.kad.wire.Ed25519Identity;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Two peers put together by Guice; the record store of each is bound, the rest is found. */
public class StoreByGuice {
    public static void main(String[] args) throws Exception {
        try (RecordStore stored = store(); Kademlia alice = peer(stored); Kademlia bob = peer(store())) {
            PeerInfo known = PeerInfo.of(alice.peerId(), alice.addresses());
            bob.addAddress(known.id(), known.addresses().get(0)).toCompletableFuture().join();
            RecordKey key = RecordKey.utf8("/app/greeting");
            bob.putRecord(Record.of(key, Bytes.utf8("hello")), Quorum.one()).result().join();
            System.out.println(stored.get(key).orElseThrow().value().utf8().orElseThrow());
        }
    }

    static RecordStore store() throws StoreException {
        PeerId anybody = Ed25519Identity.generate(new SecureRandom()).peerId();
        return new MemoryRecordStoreProvider()
                .create(new SpiContext(anybody, InstantSource.system(), Optional.empty(), Map.of(), Runnable::run));
    }

    static Kademlia peer(RecordStore store) {
        Kademlia peer = Guice.createInjector(new KademliaModule(), new AbstractModule() {
            @Override
            protected void configure() {
                bind(Identity.class).toInstance(Ed25519Identity.generate(new SecureRandom()));
                bind(KademliaConfig.class).toInstance(KademliaConfig.of("/my-network/kad/1.0.0"));
                bind(RecordStore.class).toInstance(store);
            }
        }).getInstance(Kademlia.class);
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).toCompletableFuture().join();
        return peer;
    }
}

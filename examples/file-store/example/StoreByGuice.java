package example;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import example.store.FileRecordStoreProvider;
import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.SpiContext;
import io.kad.core.inject.KademliaModule;
import io.kad.wire.key.Ed25519Identity;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Two peers created by Guice; their record stores are bound, all other plug-ins are found by ServiceLoader. */
public class StoreByGuice {
    public static void main(String[] args) throws Exception {
        Identity anna = Ed25519Identity.generate(new SecureRandom());
        Identity ben = Ed25519Identity.generate(new SecureRandom());
        RecordKey key = RecordKey.utf8("/app/greeting");
        try (RecordStore stored = store(anna);
                RecordStore other = store(ben);
                Kademlia alice = peer(anna, stored);
                Kademlia bob = peer(ben, other)) {
            bob.addAddress(alice.peerId(), alice.addresses().get(0)).join();
            bob.putRecord(Record.of(key, Bytes.utf8("hello")), Quorum.one()).result().join();
            System.out.println(stored.get(key).orElseThrow().value().utf8().orElseThrow());
        }
    }

    static RecordStore store(Identity self) throws Exception {
        SpiContext context = new SpiContext(
                self.peerId(),
                InstantSource.system(),
                Optional.of(Files.createTempDirectory("example")),
                Map.of(),
                Runnable::run);
        return new FileRecordStoreProvider().create(context);
    }

    static Kademlia peer(Identity self, RecordStore store) {
        Kademlia peer = Guice.createInjector(new KademliaModule(), new AbstractModule() {
            @Override
            protected void configure() {
                bind(Identity.class).toInstance(self);
                bind(KademliaConfig.class).toInstance(KademliaConfig.of("/my-network/kad/1.0.0"));
                bind(RecordStore.class).toInstance(store);
            }
        }).getInstance(Kademlia.class);
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        return peer;
    }
}

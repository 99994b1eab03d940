import com.google.inject.*;
import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.core.inject.KademliaModule;
import io.kad.store.memory.MemoryRecordStoreProvider;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;

/** A peer created by Guice, with a store that Guice creates from the context of the peer. */
public class StoreByClass {
    public static void main(String[] args) {
        AbstractModule application = new AbstractModule() {
            @Override
            protected void configure() {
                bind(Identity.class).toInstance(Ed25519Identity.generate(new SecureRandom()));
                bind(KademliaConfig.class).toInstance(KademliaConfig.of("/my-network/kad/1.0.0"));
            }

            @Provides
            @Singleton
            RecordStore store(SpiContext context) {
                return new MemoryRecordStoreProvider().create(context);
            }
        };
        KademliaModule kad = new KademliaModule(builder -> builder.option("memory.max-records", "1000"));
        Injector injector = Guice.createInjector(application, kad);
        try (Kademlia peer = injector.getInstance(Kademlia.class)) {
            System.out.println(peer.recordStore() == injector.getInstance(RecordStore.class));
        }
    }
}

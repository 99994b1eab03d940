package io.kad.core.inject;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.Transport;
import io.kad.core.runtime.PeerBuilder;
import java.util.Optional;
import java.util.Set;

/**
 * Provides one peer.
 *
 * <p>{@link Identity} and {@link KademliaConfig} must be bound. {@link Transport}, {@link RecordStore} and {@link ProviderStore} are
 * used where they are bound ({@code OptionalBinder.newOptionalBinder(binder(), RecordStore.class).setBinding().to(..)}, or a plain
 * binding), and found by {@link java.util.ServiceLoader} where they are not. Validators are a set ({@code Multibinder}), beside those
 * on the path. Whoever asks for the peer closes it.
 */
@SuppressWarnings("exports") // who uses this class has Guice already; to everybody else it must not be required
public final class KademliaModule extends AbstractModule {

    /** Makes the module. */
    public KademliaModule() {}

    @Override
    protected void configure() {
        requireBinding(Identity.class);
        requireBinding(KademliaConfig.class);
        OptionalBinder.newOptionalBinder(binder(), Transport.class);
        OptionalBinder.newOptionalBinder(binder(), RecordStore.class);
        OptionalBinder.newOptionalBinder(binder(), ProviderStore.class);
        Multibinder.newSetBinder(binder(), RecordValidator.class);
    }

    @Provides
    @Singleton
    Kademlia kademlia(
            Identity identity,
            KademliaConfig config,
            Optional<Transport> transport,
            Optional<RecordStore> recordStore,
            Optional<ProviderStore> providerStore,
            Set<RecordValidator> validators) {
        PeerBuilder builder = new PeerBuilder().identity(identity).config(config);
        transport.ifPresent(builder::transport);
        recordStore.ifPresent(builder::recordStore);
        providerStore.ifPresent(builder::providerStore);
        validators.forEach(builder::validator);
        return builder.build();
    }
}

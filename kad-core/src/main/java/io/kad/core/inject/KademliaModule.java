package io.kad.core.inject;

import static java.util.Objects.requireNonNull;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.Transport;
import io.kad.core.peer.PeerBuilder;
import io.kad.core.runtime.Environment;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Guice module that provides a {@link Kademlia} as a singleton. The application must close it.
 *
 * <p>Guice is an optional dependency of kad-core: add {@code com.google.inject:guice}, or this class can't be loaded.
 *
 * <p>{@link Identity} and {@link KademliaConfig} must be bound. {@link Transport}, {@link RecordStore}, {@link ProviderStore} and
 * {@link PeerSnapshotStore} are used if they are bound, and otherwise found by {@link java.util.ServiceLoader}. A bound {@link Environment}
 * replaces the thread pools of the process; bound {@link Metrics} receive those of the peer. Validators are bound as a set,
 * {@code Multibinder.newSetBinder(binder(), RecordValidator.class)}; discovered validators of other namespaces are added. Connection gates are
 * a set, too. Settings without
 * a binding, such as the data directory, are passed to the constructor.
 *
 * <p>A plug-in that is bound by its class may inject {@link SpiContext}: {@code bind(RecordStore.class).to(MyStore.class).in(Singleton.class)}.
 * Its data directory and options are those of the settings, and its executor starts with the peer. Of what is bound, only the transport is
 * closed with the peer.
 */
@SuppressWarnings("exports") // users of this class have Guice already; all others must not need it
public final class KademliaModule extends AbstractModule {

    private final Consumer<? super KademliaBuilder> settings;

    /** Creates the module of a peer that consists of bound instances and of discovered plug-ins. */
    public KademliaModule() {
        this(builder -> {});
    }

    /**
     * Creates the module of a peer with further settings, such as {@code builder -> builder.dataDirectory(path)}.
     *
     * @param settings called with the builder of the peer; bindings override its settings
     */
    public KademliaModule(Consumer<? super KademliaBuilder> settings) {
        this.settings = requireNonNull(settings, "settings");
    }

    @Override
    protected void configure() {
        requireBinding(Identity.class);
        requireBinding(KademliaConfig.class);
        OptionalBinder.newOptionalBinder(binder(), Transport.class);
        OptionalBinder.newOptionalBinder(binder(), RecordStore.class);
        OptionalBinder.newOptionalBinder(binder(), ProviderStore.class);
        OptionalBinder.newOptionalBinder(binder(), PeerSnapshotStore.class);
        OptionalBinder.newOptionalBinder(binder(), StoreFilter.class);
        OptionalBinder.newOptionalBinder(binder(), Metrics.class);
        OptionalBinder.newOptionalBinder(binder(), Environment.class);
        Multibinder.newSetBinder(binder(), RecordValidator.class);
        Multibinder.newSetBinder(binder(), ConnectionGate.class);
    }

    /** Builder that the context of plug-ins and the peer share. */
    record SharedBuilder(PeerBuilder builder) {}

    @Provides
    @Singleton
    SharedBuilder builder(Optional<Environment> environment, Optional<Metrics> metrics) {
        PeerBuilder builder = new PeerBuilder();
        settings.accept(builder);
        environment.ifPresent(builder::environment);
        metrics.ifPresent(builder::metrics); // also for the context of plug-ins
        return new SharedBuilder(builder);
    }

    @Provides
    @Singleton
    SpiContext context(SharedBuilder shared, Identity identity) {
        return shared.builder().contextOf(identity);
    }

    @Provides
    @Singleton
    Kademlia kademlia(
            SharedBuilder shared,
            Identity identity,
            KademliaConfig config,
            Optional<Transport> transport,
            Optional<RecordStore> recordStore,
            Optional<ProviderStore> providerStore,
            Optional<PeerSnapshotStore> peerSnapshotStore,
            Optional<StoreFilter> storeFilter,
            Set<RecordValidator> validators,
            Set<ConnectionGate> gates) {
        PeerBuilder builder = shared.builder();
        builder.identity(identity).config(config);
        transport.ifPresent(builder::transport);
        recordStore.ifPresent(builder::recordStore);
        providerStore.ifPresent(builder::providerStore);
        peerSnapshotStore.ifPresent(builder::peerSnapshotStore);
        storeFilter.ifPresent(builder::storeFilter);
        validators.forEach(builder::validator);
        gates.forEach(builder::connectionGate);
        return builder.build();
    }
}

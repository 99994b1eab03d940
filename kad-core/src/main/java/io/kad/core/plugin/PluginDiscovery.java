package io.kad.core.plugin;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import io.kad.api.spi.store.PeerSnapshotStoreProvider;
import io.kad.api.spi.store.ProviderStoreProvider;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.TransportProvider;
import io.kad.core.record.Validators;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * Discovery of the plug-ins on the class path and the module path.
 *
 * <p>For each slot of a peer, it selects the provider that the configuration names, or else the available provider with the highest
 * priority; a tie is an error. A provider that fails to load is an error, too, unless the configuration names another one: the failed one may
 * be that of a durable store, which must not be replaced in silence. All validators and all connection gates are used. The class loader of kad is searched first.
 * The context class loader of the thread is searched only if the first one finds no provider.
 *
 * <p>Every method throws {@link IllegalStateException} if it can't select a provider. The message lists the providers that were found, each
 * with its class and jar unless the configured name is unknown.
 */
public final class PluginDiscovery {

    private final SpiContext context;
    private final KademliaConfig config;

    /** Creates the discovery for one peer. */
    public PluginDiscovery(SpiContext context, KademliaConfig config) {
        this.context = context;
        this.config = config;
    }

    /** Returns the provider of the transport. */
    public TransportProvider transport() {
        return select(
                "transport",
                find(TransportProvider.class, loader -> ServiceLoader.load(TransportProvider.class, loader)),
                KademliaConfig.TRANSPORT);
    }

    /** Returns the provider of the record store. */
    public RecordStoreProvider recordStore() {
        return select(
                "record store",
                find(RecordStoreProvider.class, loader -> ServiceLoader.load(RecordStoreProvider.class, loader)),
                KademliaConfig.RECORD_STORE);
    }

    /** Returns the provider of the provider store. */
    public ProviderStoreProvider providerStore() {
        return select(
                "provider store",
                find(ProviderStoreProvider.class, loader -> ServiceLoader.load(ProviderStoreProvider.class, loader)),
                KademliaConfig.PROVIDER_STORE);
    }

    /** Returns the provider of the peer snapshot store; empty if the configuration names none and none is available. */
    public Optional<PeerSnapshotStoreProvider> peerSnapshotStore() {
        DiscoveredProviders<PeerSnapshotStoreProvider> found = find(
                PeerSnapshotStoreProvider.class, loader -> ServiceLoader.load(PeerSnapshotStoreProvider.class, loader));
        ProviderSelector<PeerSnapshotStoreProvider> selector = new ProviderSelector<>(
                "peer snapshot store",
                found,
                context,
                config.get(KademliaConfig.PEER_SNAPSHOT_STORE),
                KademliaConfig.PEER_SNAPSHOT_STORE.name());
        Optional<PeerSnapshotStoreProvider> selected = selector.makeIfAny();
        found.warn();
        return selected;
    }

    private <P extends SpiProvider> P select(
            String kind, DiscoveredProviders<P> found, ConfigOption<String> nameOption) {
        P selected = new ProviderSelector<>(kind, found, context, config.get(nameOption), nameOption.name()).make();
        found.warn();
        return selected;
    }

    /**
     * Returns all validators.
     *
     * @throws IllegalStateException if one fails to load, or two have the same namespace
     */
    public static List<RecordValidator> validators() {
        DiscoveredProviders<RecordValidator> found =
                find(RecordValidator.class, loader -> ServiceLoader.load(RecordValidator.class, loader));
        if (!found.broken().isEmpty()) {
            throw new IllegalStateException("cannot load record validator: " + String.join(", ", found.broken()));
        }
        Map<String, RecordValidator> byNamespace = new HashMap<>();
        for (RecordValidator validator : found.providers()) {
            RecordValidator other = byNamespace.putIfAbsent(validator.namespace(), validator);
            if (other != null) {
                throw new IllegalStateException(Validators.conflict(
                        validator.namespace(), ClassOrigin.of(other.getClass()), ClassOrigin.of(validator.getClass())));
            }
        }
        return found.providers();
    }

    /**
     * Returns all connection gates.
     *
     * @throws IllegalStateException if one fails to load
     */
    public static List<ConnectionGate> connectionGates() {
        DiscoveredProviders<ConnectionGate> found =
                find(ConnectionGate.class, loader -> ServiceLoader.load(ConnectionGate.class, loader));
        if (!found.broken().isEmpty()) {
            throw new IllegalStateException("cannot load connection gate: " + String.join(", ", found.broken()));
        }
        return found.providers();
    }

    /**
     * Finds the providers of a type. The caller names the type in {@code load}, because the module system checks the class that loads a
     * service.
     */
    private static <P> DiscoveredProviders<P> find(Class<P> type, Function<ClassLoader, ServiceLoader<P>> load) {
        DiscoveredProviders<P> found = load(type, type.getClassLoader(), load);
        return found.isEmpty() ? load(type, Thread.currentThread().getContextClassLoader(), load) : found;
    }

    private static <P> DiscoveredProviders<P> load(
            Class<P> type, ClassLoader loader, Function<ClassLoader, ServiceLoader<P>> load) {
        return DiscoveredProviders.by(load.apply(loader), () -> new ServiceFiles(type, loader));
    }
}

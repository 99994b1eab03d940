package io.kad.core.plugin;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import io.kad.api.spi.store.PeerSnapshotStoreProvider;
import io.kad.api.spi.store.ProviderStoreProvider;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.api.spi.transport.TransportProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * The plug-ins on the class path and the module path.
 *
 * <p>Of the kinds of which a peer has one, the configuration names the provider, or else the one available of the highest priority is
 * used; two of the same are an error. Of validators all are used. What the class loader of kad itself sees comes first, and only if
 * that is nothing, what the thread's context class loader sees.
 *
 * <p>Every method throws {@link IllegalStateException} if there is no answer; its message names what was found, each with its class
 * and jar.
 */
public final class PluginDiscovery {

    private final SpiContext context;
    private final KademliaConfig config;

    /** Makes the discovery for one peer. */
    public PluginDiscovery(SpiContext context, KademliaConfig config) {
        this.context = context;
        this.config = config;
    }

    /** Returns the provider of the transport. */
    public TransportProvider transport() {
        return choose(
                "transport",
                find(TransportProvider.class, loader -> ServiceLoader.load(TransportProvider.class, loader)),
                KademliaConfig.TRANSPORT);
    }

    /** Returns the provider of the record store. */
    public RecordStoreProvider recordStore() {
        return choose(
                "record store",
                find(RecordStoreProvider.class, loader -> ServiceLoader.load(RecordStoreProvider.class, loader)),
                KademliaConfig.RECORD_STORE);
    }

    /** Returns the provider of the provider store. */
    public ProviderStoreProvider providerStore() {
        return choose(
                "provider store",
                find(ProviderStoreProvider.class, loader -> ServiceLoader.load(ProviderStoreProvider.class, loader)),
                KademliaConfig.PROVIDER_STORE);
    }

    /** Returns the provider of the peer snapshot store; empty if the configuration names none and none is available. */
    public Optional<PeerSnapshotStoreProvider> peerSnapshotStore() {
        DiscoveredProviders<PeerSnapshotStoreProvider> found = find(
                PeerSnapshotStoreProvider.class, loader -> ServiceLoader.load(PeerSnapshotStoreProvider.class, loader));
        ProviderSelector<PeerSnapshotStoreProvider> choice = new ProviderSelector<>(
                "peer snapshot store",
                found,
                context,
                config.get(KademliaConfig.PEER_SNAPSHOT_STORE),
                KademliaConfig.PEER_SNAPSHOT_STORE.name());
        Optional<PeerSnapshotStoreProvider> chosen = choice.makeIfAny();
        found.warn();
        return chosen;
    }

    private <P extends SpiProvider> P choose(
            String kind, DiscoveredProviders<P> found, ConfigOption<String> nameOption) {
        P chosen = new ProviderSelector<>(kind, found, context, config.get(nameOption), nameOption.name()).make();
        found.warn();
        return chosen;
    }

    /** Returns every validator. Each is wanted, so that a broken one is an error, and so are two of one namespace. */
    public static List<RecordValidator> validators() {
        DiscoveredProviders<RecordValidator> found =
                find(RecordValidator.class, loader -> ServiceLoader.load(RecordValidator.class, loader));
        if (!found.broken().isEmpty()) {
            throw new IllegalStateException("a record validator is broken: " + String.join(", ", found.broken()));
        }
        Map<String, RecordValidator> byNamespace = new HashMap<>();
        for (RecordValidator validator : found.providers()) {
            RecordValidator other = byNamespace.putIfAbsent(validator.namespace(), validator);
            if (other != null) {
                throw new IllegalStateException("more than one record validator rules the namespace '"
                        + validator.namespace() + "': " + ClassOrigin.of(other.getClass()) + ", "
                        + ClassOrigin.of(validator.getClass()));
            }
        }
        return found.providers();
    }

    /** The caller names the type in {@code load}, as the module system asks of who uses a service. */
    private static <P> DiscoveredProviders<P> find(Class<P> type, Function<ClassLoader, ServiceLoader<P>> load) {
        DiscoveredProviders<P> own = DiscoveredProviders.by(load.apply(type.getClassLoader()));
        return own.isEmpty()
                ? DiscoveredProviders.by(load.apply(Thread.currentThread().getContextClassLoader()))
                : own;
    }
}

package io.kad.core.discovery;

import io.kad.api.ConfigOption;
import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.ProviderStoreProvider;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.RecordStoreProvider;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import io.kad.api.spi.StoreException;
import io.kad.api.spi.Transport;
import io.kad.api.spi.TransportProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins on the class path and the module path.
 *
 * <p>Of the kinds of which a peer has one, the configuration names the provider, or else the one available of the highest priority is
 * used; two of the same are an error. Of validators all are used.
 */
public final class Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private final SpiContext context;
    private final KademliaConfig config;

    /** Makes the discovery for one peer. */
    public Discovery(SpiContext context, KademliaConfig config) {
        this.context = context;
        this.config = config;
    }

    /** Returns the transport. */
    public Transport transport(Identity identity) {
        return choose("transport", TransportProvider.class, KademliaConfig.TRANSPORT)
                .create(context, identity, config);
    }

    /** Returns the record store. */
    public RecordStore recordStore() throws StoreException {
        return choose("record store", RecordStoreProvider.class, KademliaConfig.RECORD_STORE)
                .create(context);
    }

    /** Returns the provider store. */
    public ProviderStore providerStore() throws StoreException {
        return choose("provider store", ProviderStoreProvider.class, KademliaConfig.PROVIDER_STORE)
                .create(context);
    }

    /** Returns every validator. */
    public List<RecordValidator> validators() {
        List<RecordValidator> found = new ArrayList<>();
        for (ServiceLoader.Provider<RecordValidator> provider : providers(RecordValidator.class)) {
            found.add(provider.get());
        }
        return found;
    }

    private <P extends SpiProvider> P choose(String kind, Class<P> type, ConfigOption<String> nameOption) {
        return new Choice<>(kind, instances(type), context, config.get(nameOption), nameOption.name()).make();
    }

    /** Returns the providers that can be made; one that can't is named in the log, and missed only if it is wanted. */
    private static <P> List<P> instances(Class<P> type) {
        List<P> instances = new ArrayList<>();
        for (ServiceLoader.Provider<P> provider : providers(type)) {
            try {
                instances.add(provider.get());
            } catch (java.util.ServiceConfigurationError broken) {
                LOG.warn("{} is broken and passed over: {}", provider.type().getName(), broken.toString());
            }
        }
        return instances;
    }

    /** Returns what the loader of the type's own class finds, or if that is nothing, what the thread's finds. */
    private static <P> List<ServiceLoader.Provider<P>> providers(Class<P> type) {
        List<ServiceLoader.Provider<P>> own = load(type, type.getClassLoader());
        return own.isEmpty() ? load(type, Thread.currentThread().getContextClassLoader()) : own;
    }

    @SuppressWarnings("unchecked") // a loader yields providers of its own type
    private static <P> List<ServiceLoader.Provider<P>> load(Class<P> type, ClassLoader loader) {
        return (List<ServiceLoader.Provider<P>>)
                (List<?>) loaderOf(type, loader).stream().toList();
    }

    private static ServiceLoader<?> loaderOf(Class<?> type, ClassLoader loader) {
        // Each call names its type, as the module system asks of who uses a service
        if (type == TransportProvider.class) {
            return ServiceLoader.load(TransportProvider.class, loader);
        } else if (type == RecordStoreProvider.class) {
            return ServiceLoader.load(RecordStoreProvider.class, loader);
        } else if (type == ProviderStoreProvider.class) {
            return ServiceLoader.load(ProviderStoreProvider.class, loader);
        }
        return ServiceLoader.load(RecordValidator.class, loader);
    }
}

package io.kad.core.plugin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers of one kind on the class path and the module path. Immutable.
 *
 * @param providers the providers that could be loaded
 * @param broken the cause of each failure to load a provider, with the file and line that names it
 */
record DiscoveredProviders<P>(List<P> providers, List<String> broken) {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveredProviders.class);

    /** Limit of the failures: a service file that can't be read fails again at each step. */
    private static final int MAX_BROKEN = 100;

    /** Failures that were logged; a process with many peers logs each one once. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    DiscoveredProviders {
        providers = List.copyOf(providers);
        broken = List.copyOf(broken);
    }

    boolean isEmpty() {
        return providers.isEmpty() && broken.isEmpty();
    }

    /** Loads every provider of {@code loader}. */
    static <P> DiscoveredProviders<P> by(ServiceLoader<P> loader, Supplier<ServiceFiles> files) {
        List<P> providers = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        Iterator<P> iterator = loader.iterator();
        while (broken.size() < MAX_BROKEN) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                providers.add(iterator.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                broken.add(files.get().locate(e));
            }
        }
        return new DiscoveredProviders<>(providers, broken);
    }

    /** Logs the providers that failed to load, although another one was named; they are on the path by mistake or broken. */
    DiscoveredProviders<P> warn() {
        for (String cause : broken) {
            if (WARNED.size() < MAX_BROKEN && WARNED.add(cause)) {
                LOG.warn("skipping provider that failed to load: {}", cause);
            }
        }
        return this;
    }
}

package io.kad.core.plugin;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of one kind that are on the path.
 *
 * @param providers those that could be made
 * @param broken of each of the others, why it could not
 */
record DiscoveredProviders<P>(List<P> providers, List<String> broken) {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveredProviders.class);

    /** A service file that can't be read at all fails anew at each step. */
    private static final int MAX_BROKEN = 100;

    /** What was warned of; a process with many peers says each thing once. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    DiscoveredProviders {
        providers = List.copyOf(providers);
        broken = List.copyOf(broken);
    }

    boolean isEmpty() {
        return providers.isEmpty() && broken.isEmpty();
    }

    /** Makes every provider that {@code loader} knows. */
    static <P> DiscoveredProviders<P> by(ServiceLoader<P> loader) {
        List<P> providers = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        Iterator<P> iterator = loader.iterator();
        while (broken.size() < MAX_BROKEN) {
            try {
                if (!iterator.hasNext()) {
                    break;
                }
                providers.add(iterator.next());
            } catch (ServiceConfigurationError | LinkageError unusable) {
                broken.add(String.valueOf(unusable.getMessage()));
            }
        }
        return new DiscoveredProviders<>(providers, broken);
    }

    /** Says in the log which are broken: they may not be wanted, but somebody has put them there. */
    DiscoveredProviders<P> warn() {
        for (String each : broken) {
            if (WARNED.size() < MAX_BROKEN && WARNED.add(each)) {
                LOG.warn("a provider on the path is broken and passed over: {}", each);
            }
        }
        return this;
    }
}

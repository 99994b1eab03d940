package io.kad.core.plugin;

import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiProvider;
import io.kad.api.spi.store.StoreException;
import io.kad.core.record.Validators;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins of one peer: what it was given, and for the rest what discovery chooses.
 *
 * <p>First everything is chosen, so that one message can name all that is wrong; only then is anything made. What was made is closed
 * again with this, unless it was {@linkplain #handOver handed over}.
 */
public final class Plugins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    private final Deque<AutoCloseable> made = new ArrayDeque<>();
    private final List<String> problems = new ArrayList<>();

    /** How a provider makes a plug-in. */
    @FunctionalInterface
    public interface Making<P, T> {

        /** Returns a new plug-in. */
        T by(P provider) throws StoreException;
    }

    /** Returns what yields the plug-in {@code given}, or if there is none, makes it by the provider chosen. */
    public <P extends SpiProvider, T extends AutoCloseable> Supplier<T> slot(
            @Nullable T given, Supplier<P> choice, Making<P, T> making) {
        if (given != null) {
            return () -> given;
        }
        try {
            P provider = choice.get();
            return () -> make(provider, making);
        } catch (IllegalStateException none) {
            problems.add(String.valueOf(none.getMessage()));
            return () -> {
                throw none;
            };
        }
    }

    /** Does the same for a plug-in that a peer can do without: empty if none is chosen. */
    public <P extends SpiProvider, T extends AutoCloseable> Optional<Supplier<T>> optionalSlot(
            @Nullable T given, Supplier<Optional<P>> choice, Making<P, T> making) {
        if (given != null) {
            return Optional.of(() -> given);
        }
        try {
            return choice.get().map(provider -> () -> make(provider, making));
        } catch (IllegalStateException wrong) {
            problems.add(String.valueOf(wrong.getMessage()));
            return Optional.empty();
        }
    }

    private <P extends SpiProvider, T extends AutoCloseable> T make(P provider, Making<P, T> making) {
        try {
            T plugin = making.by(provider);
            made.push(plugin);
            return plugin;
        } catch (StoreException | RuntimeException | LinkageError failed) {
            throw new IllegalStateException(
                    "'" + provider.name() + "' (" + provider.getClass().getName() + ") can't be made: "
                            + failed.getMessage(),
                    failed);
        }
    }

    /** Returns the validators given, and beside them those discovered of other namespaces. */
    public Validators validators(List<RecordValidator> given, boolean discovers) {
        try {
            Set<String> ruled = given.stream().map(RecordValidator::namespace).collect(Collectors.toSet());
            List<RecordValidator> all = new ArrayList<>(given);
            if (discovers) {
                PluginDiscovery.validators().stream()
                        .filter(validator -> !ruled.contains(validator.namespace()))
                        .forEach(all::add);
            }
            return new Validators(all);
        } catch (IllegalArgumentException | IllegalStateException clash) {
            problems.add(String.valueOf(clash.getMessage()));
            return new Validators(List.of());
        }
    }

    /**
     * Checks that there is a choice for everything.
     *
     * @throws IllegalStateException naming all that is wrong
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("; ", problems));
        }
    }

    /** Leaves what was made to the peer, that closes it. */
    public void handOver() {
        made.clear();
    }

    @Override
    public void close() {
        while (!made.isEmpty()) {
            try {
                made.pop().close();
            } catch (Exception failed) {
                LOG.warn("a plug-in did not close in good order", failed);
            }
        }
    }
}

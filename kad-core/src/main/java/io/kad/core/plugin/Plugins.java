package io.kad.core.plugin;

import static java.util.Objects.requireNonNull;

import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiProvider;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.ConnectionGate;
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
 * Plug-ins of one peer: those that the builder was given, and providers from discovery for the other slots.
 *
 * <p>All providers are selected before the first plug-in is created, so that one message can list all problems. {@link #close} closes the
 * plug-ins that were created, unless they were {@linkplain #handOver handed over}.
 */
public final class Plugins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

    private final Deque<AutoCloseable> created = new ArrayDeque<>();
    private final List<String> problems = new ArrayList<>();

    /** Call of a provider that creates a plug-in. */
    @FunctionalInterface
    public interface Creation<P, T> {

        /** Returns a new plug-in. */
        T create(P provider) throws StoreException;
    }

    /** Returns a supplier of the plug-in {@code given}, or else of a plug-in from the selected provider. */
    public <P extends SpiProvider, T extends AutoCloseable> Supplier<T> slot(
            @Nullable T given, Supplier<P> choice, Creation<P, T> creation) {
        if (given != null) {
            return () -> given;
        }
        try {
            P provider = choice.get();
            return () -> create(provider, creation);
        } catch (IllegalStateException e) {
            problems.add(String.valueOf(e.getMessage()));
            return () -> {
                throw e;
            };
        }
    }

    /** Returns the supplier of an optional plug-in; empty if no provider is selected. */
    public <P extends SpiProvider, T extends AutoCloseable> Optional<Supplier<T>> optionalSlot(
            @Nullable T given, Supplier<Optional<P>> choice, Creation<P, T> creation) {
        if (given != null) {
            return Optional.of(() -> given);
        }
        try {
            return choice.get().map(provider -> () -> create(provider, creation));
        } catch (IllegalStateException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private <P extends SpiProvider, T extends AutoCloseable> T create(P provider, Creation<P, T> creation) {
        try {
            T plugin = requireNonNull(creation.create(provider), "the provider returned null");
            created.push(plugin);
            return plugin;
        } catch (StoreException | IllegalArgumentException e) {
            throw notCreated(provider, e.getMessage() == null ? e.toString() : e.getMessage(), e);
        } catch (Throwable e) {
            throw notCreated(provider, e.toString(), e);
        }
    }

    private static IllegalStateException notCreated(SpiProvider provider, String cause, Throwable failure) {
        return new IllegalStateException(
                "cannot create plug-in '" + provider.name() + "' ("
                        + provider.getClass().getName() + "): " + cause,
                failure);
    }

    /** Returns the validators {@code given}, and the discovered validators of other namespaces if {@code discovers}. */
    public Validators validators(List<RecordValidator> given, boolean discovers) {
        try {
            Set<String> namespaces =
                    given.stream().map(RecordValidator::namespace).collect(Collectors.toSet());
            List<RecordValidator> all = new ArrayList<>(given);
            if (discovers) {
                PluginDiscovery.validators().stream()
                        .filter(validator -> !namespaces.contains(validator.namespace()))
                        .forEach(all::add);
            }
            return new Validators(all, new ValidatorFailureLog());
        } catch (IllegalArgumentException | IllegalStateException e) {
            problems.add(String.valueOf(e.getMessage()));
            return new Validators(List.of());
        }
    }

    /** Returns the connection gates {@code given}, and the discovered ones if {@code discovers}. */
    public List<ConnectionGate> connectionGates(List<ConnectionGate> given, boolean discovers) {
        List<ConnectionGate> all = new ArrayList<>(given);
        if (discovers) {
            try {
                all.addAll(PluginDiscovery.connectionGates());
            } catch (IllegalStateException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        return all;
    }

    /**
     * Checks that a provider was selected for every slot.
     *
     * @throws IllegalStateException if not; the message lists all problems
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("; ", problems));
        }
    }

    /** Hands the created plug-ins over to the peer, which closes them. */
    public void handOver() {
        created.clear();
    }

    @Override
    public void close() {
        while (!created.isEmpty()) {
            try {
                created.pop().close();
            } catch (Throwable e) {
                LOG.warn("failed to close plug-in", e);
            }
        }
    }
}

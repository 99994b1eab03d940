package io.kad.core.plugin;

import static java.util.Objects.requireNonNull;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Selection of one provider of a kind, by name or priority.
 *
 * @param kind the kind of plug-in, for messages
 * @param found the candidates
 * @param configuredName the configured name; empty to select by priority
 * @param optionName the option that contains the name
 */
record ProviderSelector<P extends SpiProvider>(
        String kind, DiscoveredProviders<P> found, SpiContext context, String configuredName, String optionName) {

    private static final String CHECK_FAILED = "its availability check failed: ";

    /**
     * Returns the selected provider.
     *
     * @throws IllegalStateException if no provider or more than one fits; the message lists each, with its class and jar unless the
     *     configured name is unknown
     */
    P make() {
        return configuredName.isEmpty() ? highest() : named();
    }

    /**
     * Returns the selected provider; empty if no name is configured and no provider is available.
     *
     * @throws IllegalStateException if the configured provider is unknown or not available, or more than one has the highest priority
     */
    Optional<P> makeIfAny() {
        boolean none = configuredName.isEmpty()
                && found.broken().isEmpty()
                && found.providers().stream()
                        .allMatch(candidate -> checkFailure(candidate).isEmpty())
                && found.providers().stream()
                        .noneMatch(candidate -> unavailable(candidate).isEmpty());
        return none ? Optional.empty() : Optional.of(make());
    }

    private P named() {
        List<P> matches = found.providers().stream()
                .filter(candidate -> candidate.name().equals(configuredName))
                .toList();
        if (matches.isEmpty()) {
            throw new IllegalStateException(
                    "unknown " + kind + " '" + configuredName + "' (" + optionName + "); known: " + names());
        }
        if (matches.size() > 1) {
            throw new IllegalStateException("more than one " + kind + " '" + configuredName + "' (" + optionName
                    + "); known: " + describeAll());
        }
        Optional<String> reason = unavailable(matches.get(0));
        if (reason.isPresent()) {
            throw new IllegalStateException(
                    kind + " '" + configuredName + "' (" + optionName + ") is not available: " + reason.get());
        }
        return matches.get(0);
    }

    /** Throws if a provider could not be loaded or asked, as it may be the one with the highest priority. */
    private void requireWhole() {
        List<String> failures = Stream.concat(
                        found.broken().stream(),
                        found.providers().stream()
                                .flatMap(candidate -> checkFailure(candidate).stream()
                                        .map(failure -> "'" + candidate.name() + "' ("
                                                + ClassOrigin.of(candidate.getClass()) + ") " + failure)))
                .toList();
        if (!failures.isEmpty()) {
            throw new IllegalStateException("cannot load " + kind + ": " + String.join(", ", failures)
                    + "; repair it, or set " + optionName + " to the name of another one; found: " + describeAll());
        }
    }

    private P highest() {
        requireWhole();
        List<P> available = found.providers().stream()
                .filter(candidate -> unavailable(candidate).isEmpty())
                .toList();
        int highest = available.stream().mapToInt(SpiProvider::priority).max().orElse(0);
        List<P> first = available.stream()
                .filter(candidate -> candidate.priority() == highest)
                .toList();
        if (first.size() == 1) {
            return first.get(0);
        }
        throw new IllegalStateException(
                first.isEmpty()
                        ? noneAvailable()
                        : "more than one " + kind + " has the highest priority: " + describe(first.stream()) + "; set "
                                + optionName + " to one of their names, or pass one to the builder");
    }

    private String noneAvailable() {
        String none = "no " + kind + " is available: ";
        return found.providers().isEmpty()
                ? none + "pass one to the builder, or add its module to the path; found: " + describeAll()
                : none + describeAll() + "; or pass one to the builder, or add the module of another one to the path";
    }

    private Optional<String> unavailable(P candidate) {
        try {
            return requireNonNull(candidate.unavailable(context), "returned null");
        } catch (Throwable e) {
            return Optional.of(CHECK_FAILED + e);
        }
    }

    private Optional<String> checkFailure(P candidate) {
        return unavailable(candidate).filter(reason -> reason.startsWith(CHECK_FAILED));
    }

    /** Returns what may be configured: the names, each with the reason why it cannot be used, and what could not be loaded. */
    private String names() {
        String all = Stream.concat(
                        found.providers().stream()
                                .map(candidate -> "'" + candidate.name() + "'"
                                        + unavailable(candidate)
                                                .map(reason -> " (not available: " + reason + ")")
                                                .orElse("")),
                        found.broken().stream().map(reason -> "broken: " + reason))
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "none" : all;
    }

    private String describeAll() {
        String all = Stream.concat(
                        found.providers().stream().map(this::describe),
                        found.broken().stream().map(reason -> "broken: " + reason))
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "none" : all;
    }

    private String describe(Stream<P> providers) {
        return providers.map(this::describe).collect(Collectors.joining(", "));
    }

    private String describe(P candidate) {
        return "'" + candidate.name() + "' (" + ClassOrigin.of(candidate.getClass()) + ", priority "
                + candidate.priority()
                + unavailable(candidate)
                        .map(reason -> ", not available: " + reason)
                        .orElse("")
                + ")";
    }
}

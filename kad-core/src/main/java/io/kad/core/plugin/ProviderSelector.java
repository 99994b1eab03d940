package io.kad.core.plugin;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The choice of one provider among several.
 *
 * @param kind what is chosen, for people
 * @param found what there is to choose from
 * @param wanted the name the configuration gives; empty for none
 * @param optionName the option that gives it
 */
record ProviderSelector<P extends SpiProvider>(
        String kind, DiscoveredProviders<P> found, SpiContext context, String wanted, String optionName) {

    /**
     * Returns the one.
     *
     * @throws IllegalStateException if there is none, or more than one; it names each with its class and jar
     */
    P make() {
        return wanted.isEmpty() ? highest() : named();
    }

    /**
     * Returns the one, or empty if none is asked for by name and none is available.
     *
     * @throws IllegalStateException if one is asked for that there is not, or more than one has the highest priority
     */
    Optional<P> makeIfAny() {
        boolean none = wanted.isEmpty()
                && found.providers().stream()
                        .noneMatch(candidate -> unavailable(candidate).isEmpty());
        return none ? Optional.empty() : Optional.of(make());
    }

    private P named() {
        List<P> matches = found.providers().stream()
                .filter(candidate -> candidate.name().equals(wanted))
                .toList();
        if (matches.size() != 1) {
            throw new IllegalStateException((matches.isEmpty() ? "no " : "more than one ") + kind + " is called '"
                    + wanted + "', which " + optionName + " asks for; found: " + describeAll());
        }
        Optional<String> reason = unavailable(matches.get(0));
        if (reason.isPresent()) {
            throw new IllegalStateException("the " + kind + " '" + wanted + "', which " + optionName
                    + " asks for, is not available: " + reason.get());
        }
        return matches.get(0);
    }

    private P highest() {
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
                        ? "no " + kind
                                + " is available: give one to the builder, or add its module to the path; found: "
                                + describeAll()
                        : "more than one " + kind + " has the highest priority: " + describe(first.stream())
                                + "; name one by " + optionName + ", or give one to the builder");
    }

    private Optional<String> unavailable(P candidate) {
        try {
            return candidate.unavailable(context);
        } catch (RuntimeException | LinkageError broken) {
            return Optional.of("it failed: " + broken);
        }
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

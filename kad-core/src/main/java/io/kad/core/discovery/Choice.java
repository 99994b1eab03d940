package io.kad.core.discovery;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;
import java.security.CodeSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The choice of one provider among several.
 *
 * @param kind what is chosen, for people
 * @param wanted the name the configuration gives; empty for none
 * @param optionName the option that gives it
 */
record Choice<P extends SpiProvider>(
        String kind, List<P> candidates, SpiContext context, String wanted, String optionName) {

    /**
     * Returns the one.
     *
     * @throws IllegalStateException if there is none, or more than one; it names each with its class and jar
     */
    P make() {
        return wanted.isEmpty() ? highest() : named();
    }

    private P named() {
        List<P> matches = candidates.stream()
                .filter(candidate -> candidate.name().equals(wanted))
                .toList();
        if (matches.size() != 1) {
            throw new IllegalStateException((matches.isEmpty() ? "no " + kind : "more than one " + kind)
                    + " is called '" + wanted + "', which " + optionName + " asks for; found: " + describe(candidates));
        }
        P match = matches.get(0);
        Optional<String> reason = match.unavailable(context);
        if (reason.isPresent()) {
            throw new IllegalStateException(kind + " '" + wanted + "' can't be used: " + reason.get());
        }
        return match;
    }

    private P highest() {
        List<P> available = candidates.stream()
                .filter(candidate -> candidate.unavailable(context).isEmpty())
                .sorted(Comparator.comparingInt(SpiProvider::priority).reversed())
                .toList();
        if (available.isEmpty()) {
            throw new IllegalStateException("no " + kind
                    + " is available: give one to the builder, or add its module; found: " + describe(candidates));
        }
        P first = available.get(0);
        List<P> equals = available.stream()
                .filter(candidate -> candidate.priority() == first.priority())
                .toList();
        if (equals.size() > 1) {
            throw new IllegalStateException("more than one " + kind + " has priority " + first.priority() + ": "
                    + describe(equals) + "; name one by " + optionName + ", or give one to the builder");
        }
        return first;
    }

    private String describe(List<P> providers) {
        return providers.isEmpty()
                ? "none"
                : providers.stream().map(this::describe).collect(Collectors.joining(", "));
    }

    private String describe(P provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        String place = source == null || source.getLocation() == null
                ? "the platform"
                : source.getLocation().toString();
        return "'" + provider.name() + "' (" + provider.getClass().getName() + " in " + place + ", priority "
                + provider.priority()
                + provider.unavailable(context)
                        .map(reason -> ", not available: " + reason)
                        .orElse("")
                + ")";
    }
}

package io.kad.node.option;

import java.util.Objects;
import picocli.CommandLine.ParseResult;

/** The options that are mixed into commands by name. */
public final class Mixins {

    private Mixins() {}

    /** Returns the options that were mixed into {@code command} under {@code name}. */
    public static <T> T of(ParseResult command, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(command.commandSpec().mixins().get(name), name)
                .userObject());
    }
}

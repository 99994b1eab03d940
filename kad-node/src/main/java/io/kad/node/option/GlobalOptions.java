package io.kad.node.option;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command. */
public final class GlobalOptions {

    @Option(names = "--json", description = "Answer with one JSON object a line.")
    private boolean json;

    @Option(names = "--debug", description = "Show stack traces of failures.")
    private boolean debug;

    @Option(names = "--timeout", paramLabel = "30s", description = "The time the whole command has.")
    private @Nullable String timeout;

    /** Returns whether answers are JSON. */
    public boolean json() {
        return json;
    }

    /** Returns whether stack traces are shown. */
    public boolean debug() {
        return debug;
    }

    /** Returns the time the command has; {@code otherwise} if nothing is said. */
    public Duration timeout(Duration otherwise) {
        if (timeout == null) {
            return otherwise;
        }
        Duration given = ArgumentParser.duration("--timeout", timeout);
        if (given.isZero() || given.isNegative()) {
            throw new UsageException("--timeout: more than no time is accepted");
        }
        return given;
    }
}

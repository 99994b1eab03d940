package io.kad.node.option;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of every command. */
public final class GlobalOptions {

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    @Option(names = "--debug", description = "Print stack traces of failures.")
    private boolean debug;

    private Optional<Duration> timeout = Optional.empty();

    private Runnable onStarted = () -> {};

    @Option(names = "--timeout", paramLabel = "30s", description = "Timeout for the whole command, such as 30s.")
    void timeout(String text) {
        timeout = Optional.of(ArgumentParser.positiveDuration("--timeout", text));
    }

    /** Returns whether output is JSON. */
    public boolean json() {
        return json;
    }

    /** Returns whether stack traces are shown. */
    public boolean debug() {
        return debug;
    }

    /** Returns the timeout of the command; empty if the option is not given. */
    public Optional<Duration> timeout() {
        return timeout;
    }

    /** Returns the timeout of the command; {@code otherwise} if the option is not given. */
    public Duration timeout(Duration otherwise) {
        return timeout.orElse(otherwise);
    }

    /** Sets what is called when the command says that it has started. */
    public void onStarted(Runnable action) {
        onStarted = action;
    }

    /** Says that the command runs, and from now on ends by itself when its time is over. */
    public void started() {
        onStarted.run();
    }
}

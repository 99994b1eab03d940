package io.kad.node;

import io.kad.api.text.DurationText;
import io.kad.node.daemon.Halt;
import io.kad.node.option.GlobalOptions;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * Limit of a whole command, which ends the process when {@code --timeout} is over. A command ends by itself in time wherever it can; this is for
 * one whose thread waits for what cannot be interrupted, such as a key file or a configuration file that is a pipe.
 */
final class CommandLimit implements AutoCloseable {

    /** Time that a command has after its timeout to end by itself. If too high, the user waits for nothing. */
    private static final Duration LATE = Duration.ofSeconds(2);

    /** The same for a node, whose timeout is the time that it runs after its start: a slow start is no failure. */
    private static final Duration LATE_NODE = Duration.ofSeconds(30);

    private static final String NODE = "node";

    /** Simulations bound themselves: they end at their next step. */
    private static final String SELF_BOUND = "sim";

    private final Duration timeout;
    private final Duration late;
    private final boolean json;
    private final StandardStreams streams;
    private final CountDownLatch ended = new CountDownLatch(1);

    private CommandLimit(Duration timeout, Duration late, boolean json, StandardStreams streams) {
        this.timeout = timeout;
        this.late = late;
        this.json = json;
        this.streams = streams;
    }

    /** Starts the limit of the command that {@code parsed} names; one without a timeout has none. */
    static Optional<CommandLimit> start(ParseResult parsed, StandardStreams streams) {
        ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        if (command.commandSpec().name().equals(SELF_BOUND)) {
            return Optional.empty();
        }
        return command.commandSpec().mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(GlobalOptions.class::isInstance)
                .map(GlobalOptions.class::cast)
                .findFirst()
                .flatMap(
                        global -> start(global, command.commandSpec().name().equals(NODE) ? LATE_NODE : LATE, streams));
    }

    private static Optional<CommandLimit> start(GlobalOptions global, Duration late, StandardStreams streams) {
        Optional<CommandLimit> limit =
                global.timeout().map(timeout -> new CommandLimit(timeout, late, global.json(), streams));
        limit.ifPresent(started -> {
            global.onStarted(started::close);
            Thread watch = new Thread(started::watch, "kad-timeout");
            watch.setDaemon(true);
            watch.start();
        });
        return limit;
    }

    private void watch() {
        if (endsWithin(timeout) || endsWithin(late)) {
            return;
        }
        // First, as the output hangs too if nobody reads it
        Halt.unless(ended);
        boolean isEnded = Output.standard(json)
                .end(OutputLine.error(
                        ErrorCode.TIMEOUT,
                        "timed out after " + DurationText.of(timeout) + "; use --timeout to allow more"));
        if (isEnded) {
            System.exit(streams.exitCode(ErrorCode.TIMEOUT.exitCode()));
        }
    }

    private boolean endsWithin(Duration time) {
        try {
            return ended.await(TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Ends the limit. */
    @Override
    public void close() {
        ended.countDown();
    }
}

package io.kad.bench.cli;

/** Failure of a command of the benchmarks, whose message is one line for people. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates a failure. */
    public CommandException(String message) {
        super(message);
    }
}

package io.kad.bench.load;

/** Failure of a command of the benchmarks, whose message is one line for people. */
public final class LoadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates a failure. */
    public LoadException(String message) {
        super(message);
    }
}

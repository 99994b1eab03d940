package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.KadException;
import io.kad.api.result.PartialResult;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Failure of a task, with the partial result. */
public final class TaskFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private static final String EMPTY_TABLE =
            ": start the program with --bootstrap MULTIADDR, or let the running node connect to a peer";

    private final ErrorCode code;
    private final transient ObjectNode line;

    /** Creates a failure of that code. */
    public TaskFailure(ErrorCode code, String message) {
        super(message);
        this.code = code;
        this.line = OutputLine.error(code, message);
    }

    private TaskFailure(KadException failure, ErrorCode code) {
        super(text(failure), failure);
        this.code = code;
        this.line = OutputLine.error(code, text(failure));
        if (failure instanceof KadException.QuorumNotReached quorum) {
            line.put("stored", quorum.successes().size()).put("quorum", quorum.required());
        } else if (failure instanceof KadException.Superseded superseded) {
            line.put("stored", superseded.storedBy().size());
            superseded.better().ifPresent(better -> OutputLine.value(line, better.value()));
        } else if (failure instanceof KadException.QueryTimeout late) {
            line.put("reached", late.responded().size());
        }
        failure.stats().ifPresent(stats -> line.put("asked", stats.requests()));
    }

    private static String text(KadException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof KadException.NoPeers none && none.isTableEmpty() ? message + EMPTY_TABLE : message;
    }

    /** Returns the failure of {@code cause}; anything but a failure of the DHT is a fault of the program. */
    public static TaskFailure of(@Nullable Throwable cause) {
        return cause instanceof KadException failure
                ? new TaskFailure(failure, ErrorCode.of(failure))
                : new TaskFailure(ErrorCode.INTERNAL, String.valueOf(cause));
    }

    /** Returns what the query had found; empty if no query has failed. */
    public Optional<PartialResult> partial() {
        return getCause() instanceof KadException failure ? Optional.of(failure.partial()) : Optional.empty();
    }

    /** Returns the code of the failure. */
    public ErrorCode code() {
        return code;
    }

    /** Returns the output line of this failure. */
    public ObjectNode line() {
        return line;
    }
}

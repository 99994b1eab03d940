package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.diagnose.Diagnosis;
import io.kad.node.diagnose.DiagnosisSlot;
import io.kad.node.output.ErrorCode;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

/** Diagnosis of a peer: a line for each check, and a last one. */
@Command(
        description =
                "Check addresses, bootstrap peers, routing table, clock, disk and limits; each fault is named, with"
                        + " what to do. Exit code 1 if one was found.")
public final class DiagnoseTask implements Task {

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) throws TaskFailure {
        DiagnosisSlot slot = context.setup().slot();
        if (!slot.take()) {
            throw new TaskFailure(
                    ErrorCode.OVERLOADED,
                    "another diagnosis of this node has not ended; repeat later, and look at the disk of its data directory"
                            + " if that lasts");
        }
        Diagnosis diagnosis = new Diagnosis(
                context.kad(),
                context.setup(),
                context::emit,
                context.deadline().remaining());
        return context.then(diagnosis.run(slot::giveBack), context::end);
    }
}

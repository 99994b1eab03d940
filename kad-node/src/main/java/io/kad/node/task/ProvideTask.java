package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Announcement of this peer as a provider. */
@Command(description = "Announce this peer as a provider of KEY.")
final class ProvideTask extends QueryTask {

    @Mixin
    private Arguments.ContentKey key = new Arguments.ContentKey();

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) throws TaskFailure {
        if (context.kad().addresses().isEmpty()) {
            throw new TaskFailure(
                    ErrorCode.BAD_INPUT,
                    "no address to announce: give one by --listen or --announce when the peer is started");
        }
        return context.then(
                result(context, context.kad().startProviding(key.get())),
                announced -> context.end(OutputLine.done("provided")
                        .put("announced", announced.storedBy().size())));
    }
}

package io.kad.node.task;

import io.kad.api.result.PutResult;
import io.kad.node.output.OutputLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Announcement of this peer as a provider. */
@Command(name = "provide", description = "Announce this peer as a provider of KEY.")
final class ProvideTask extends QueryTask {

    @Mixin
    private Arguments.ContentKey key = new Arguments.ContentKey();

    @Override
    public void run(TaskContext context) throws TaskFailure {
        PutResult announced = await(context, context.kad().startProviding(key.get()));
        context.emit(OutputLine.done("provided")
                .put("announced", announced.storedBy().size()));
    }
}

package io.kad.node.task;

import io.kad.api.result.PutResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Announces this peer as a provider. */
@Command(name = "provide", description = "Announce this peer as a provider of a content.")
final class ProvideTask extends QueryTask {

    @Parameters(index = "0", paramLabel = "KEY", description = "A CID, /namespace/name, or 0x and hexadecimal digits.")
    private String key = "";

    @Override
    public void run(TaskContext context) throws TaskFailure {
        PutResult announced = await(context, context.kad().startProviding(ArgumentParser.providerKey(key)));
        context.emit(OutputLine.done("provided")
                .put("announced", announced.storedBy().size()));
    }
}

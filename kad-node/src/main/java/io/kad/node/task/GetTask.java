package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.PeerId;
import io.kad.api.result.GetRecordResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds a record. */
@Command(name = "get", description = "Find the best record of a key.")
final class GetTask extends QueryTask {

    @Parameters(index = "0", paramLabel = "KEY", description = "/namespace/name, or 0x and hexadecimal digits.")
    private String key = "";

    @Option(
            names = "--quorum",
            paramLabel = "Q",
            defaultValue = "one",
            description = "How many records to compare: one, majority, all or a number; ${DEFAULT-VALUE} by default.")
    private String quorum = "one";

    @Override
    public void run(TaskContext context) throws TaskFailure {
        GetRecordResult found =
                await(context, context.kad().getRecord(ArgumentParser.recordKey(key), ArgumentParser.quorum(quorum)));
        ObjectNode line =
                OutputLine.value(OutputLine.done("record"), found.record().value());
        line.put("publisher", found.record().publisher().map(PeerId::toString).orElse(null));
        line.put("from", found.from().orElse(context.kad().peerId()).toString());
        line.put("asked", found.stats().requests());
        context.emit(line);
    }
}

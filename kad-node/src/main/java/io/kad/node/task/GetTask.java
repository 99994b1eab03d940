package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.PeerId;
import io.kad.api.record.Quorum;
import io.kad.api.result.GetRecordResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lookup of a record. */
@Command(name = "get", description = "Find the best record of a key.")
final class GetTask extends QueryTask {

    @Mixin
    private Arguments.Key key = new Arguments.Key();

    private Quorum quorum = Quorum.one();

    @Option(
            names = "--quorum",
            paramLabel = "Q",
            description = "Quorum: number of records to find (one, majority, all, or N). Default: one.")
    void quorum(String text) {
        quorum = ArgumentParser.quorum(text);
    }

    @Override
    public void run(TaskContext context) throws TaskFailure {
        GetRecordResult found = await(context, context.kad().getRecord(key.get(), quorum));
        ObjectNode line =
                OutputLine.value(OutputLine.done("record"), found.record().value());
        line.put("publisher", found.record().publisher().map(PeerId::toString).orElse(null));
        line.put("from", found.from().orElse(context.kad().peerId()).toString());
        line.put("asked", found.stats().requests());
        context.emit(line);
    }
}

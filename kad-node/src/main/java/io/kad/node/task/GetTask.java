package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.PeerId;
import io.kad.api.record.Quorum;
import io.kad.api.result.GetRecordResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lookup of a record. */
@Command(description = "Find the best record of a key.")
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
    public CompletableFuture<ObjectNode> start(TaskContext context) {
        return context.then(
                result(context, context.kad().getRecord(key.get(), quorum)),
                found -> context.end(line(found, context.kad().peerId())));
    }

    private static ObjectNode line(GetRecordResult found, PeerId local) {
        ObjectNode line =
                OutputLine.value(OutputLine.done("record"), found.record().value());
        line.put("publisher", found.record().publisher().map(PeerId::toString).orElse(null));
        line.put("from", found.from().orElse(local).toString());
        line.put("asked", found.stats().requests());
        return line;
    }
}

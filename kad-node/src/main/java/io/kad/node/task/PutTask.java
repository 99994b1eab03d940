package io.kad.node.task;

import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores a record. */
@Command(name = "put", description = "Store a record at the peers closest to its key.")
final class PutTask extends QueryTask {

    @Parameters(index = "0", paramLabel = "KEY", description = "/namespace/name, or 0x and hexadecimal digits.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "The value, @FILE, or - for standard input.")
    private String value = "";

    @Option(
            names = "--quorum",
            paramLabel = "Q",
            defaultValue = "one",
            description = "How many peers must take it: one, majority, all or a number; ${DEFAULT-VALUE} by default.")
    private String quorum = "one";

    @Option(names = "--ttl", paramLabel = "36h", description = "How long the record lives.")
    private @Nullable String ttl;

    @Override
    public void run(TaskContext context) throws TaskFailure {
        Optional<Instant> expires = Optional.ofNullable(ttl)
                .map(text -> ArgumentParser.duration("--ttl", text))
                .map(PutTask::requirePositive)
                .map(Instant.now()::plus);
        Record record = Record.of(ArgumentParser.recordKey(key), ArgumentParser.value(value, context.standardInput()))
                .withExpires(expires);
        PutResult stored = await(context, context.kad().putRecord(record, ArgumentParser.quorum(quorum)));
        context.emit(
                OutputLine.done("put").put("stored", stored.storedBy().size()).put("quorum", stored.quorum()));
    }

    private static Duration requirePositive(Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new io.kad.node.option.UsageException("--ttl: a record lives for more than no time");
        }
        return duration;
    }
}

package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kad.api.id.Bytes;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.UsageException;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Put of a record. */
@Command(description = "Store a record at the peers closest to its key.")
final class PutTask extends QueryTask {

    @Mixin
    private Arguments.Key key = new Arguments.Key();

    @Parameters(
            index = "1",
            paramLabel = "VALUE",
            description = "The value itself, @FILE to read a file, or - to read standard input.")
    private String value = "";

    private Quorum quorum = Quorum.one();
    private Optional<Duration> ttl = Optional.empty();

    @Option(
            names = "--quorum",
            paramLabel = "Q",
            description =
                    "Quorum: number of peers that must store the record (one, majority, all, or N). Default: one.")
    void quorum(String text) {
        quorum = ArgumentParser.quorum(text);
    }

    @Option(
            names = "--ttl",
            paramLabel = "36h",
            description = "Time to live of the record, such as 36h. Default: record-ttl (48h).")
    void ttl(String text) {
        Duration given = ArgumentParser.positiveDuration("--ttl", text);
        if (given.compareTo(Record.MAX_TTL) > 0) {
            throw new UsageException("--ttl of " + text + " exceeds the limit of " + Record.MAX_TTL.toSeconds()
                    + " s (about 136 years)");
        }
        ttl = Optional.of(given);
    }

    /** The value, if it was read before the peer joined. */
    private @Nullable Bytes checked;

    @Override
    public void check(TaskContext context) throws TaskFailure {
        Bytes bytes = context.await(ValueReading.start(value, context.standardInput()));
        record(bytes, context);
        checked = bytes;
    }

    @Override
    public CompletableFuture<ObjectNode> start(TaskContext context) throws TaskFailure {
        return checked != null
                ? put(record(checked, context), context)
                : context.then(
                        ValueReading.start(value, context.standardInput()),
                        bytes -> put(record(bytes, context), context));
    }

    /** Returns the record to put now, from when its time to live counts. */
    @CanIgnoreReturnValue
    private Record record(Bytes bytes, TaskContext context) throws TaskFailure {
        Record read = Record.of(key.get(), bytes);
        Record expiring = ttl.map(time -> read.withTtl(time, Instant.now())).orElse(read);
        RecordSize.requireFits(expiring, context.kad());
        return expiring;
    }

    private CompletableFuture<ObjectNode> put(Record record, TaskContext context) throws TaskFailure {
        return context.then(
                result(context, context.kad().putRecord(record, quorum)), stored -> context.end(line(stored)));
    }

    /** Returns the result; what peers have refused is added to it only if some have. */
    static ObjectNode line(PutResult stored) {
        ObjectNode line =
                OutputLine.done("put").put("stored", stored.storedBy().size()).put("quorum", stored.quorum());
        if (!stored.refusedBy().isEmpty()) {
            line.put("refused", stored.refusedBy().size());
        }
        stored.better().ifPresent(better -> OutputLine.value(line.putObject("better"), better.value()));
        return line;
    }
}

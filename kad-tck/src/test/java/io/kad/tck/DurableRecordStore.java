package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A right and simple record store that writes all it holds to a file after each change. */
class DurableRecordStore extends PlainRecordStore {

    volatile boolean failing;
    private final Path file;

    DurableRecordStore(SpiContext context, RecordStoreFixture.Limits limits) {
        super(context, limits);
        file = context.dataDirectory().orElseThrow().resolve("records");
        try {
            for (List<String> line : Lines.read(file)) {
                Record record = record(line);
                held.put(record.key().bytes(), record);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public synchronized Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
            throws StoreException {
        TreeMap<Bytes, Record> before = new TreeMap<>(held);
        try {
            return super.update(key, change);
        } catch (StoreException.Failed failed) {
            failed(key, before);
            throw failed;
        }
    }

    void failed(RecordKey key, Map<Bytes, Record> before) {
        held.clear();
        held.putAll(before);
    }

    @Override
    void changed() throws StoreException {
        write();
    }

    final void write() throws StoreException {
        try {
            if (failing) {
                throw new IOException("no space left on the device");
            }
            Lines.write(file, held.values().stream().map(this::line).toList());
        } catch (IOException failed) {
            throw new StoreException.Failed("writing " + file, failed);
        }
    }

    List<String> line(Record record) {
        return List.of(
                record.key().bytes().hex(),
                record.value().hex(),
                record.publisher().map(peer -> peer.bytes().hex()).orElse("-"),
                record.expires().map(Instant::toString).orElse("-"),
                record.timeReceived().map(Instant::toString).orElse("-"),
                record.published().map(time -> time.time().toString()).orElse("-"),
                record.published().map(time -> String.valueOf(time.estimated())).orElse("-"));
    }

    private static Record record(List<String> line) {
        return new Record(
                RecordKey.of(Bytes.fromHex(line.get(0))),
                Bytes.fromHex(line.get(1)),
                Lines.optional(line.get(2)).map(hex -> PeerId.fromBytes(Bytes.fromHex(hex))),
                Lines.optional(line.get(3)).map(Instant::parse),
                Lines.optional(line.get(4)).map(Instant::parse),
                Lines.optional(line.get(5))
                        .map(time -> new PublicationTime(Instant.parse(time), Boolean.parseBoolean(line.get(6)))));
    }
}

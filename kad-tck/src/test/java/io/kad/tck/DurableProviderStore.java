package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** A right and simple provider store that writes all it holds to a file after each change. */
class DurableProviderStore extends PlainProviderStore {

    private final Path file;

    DurableProviderStore(SpiContext context, ProviderStoreFixture.Limits limits) {
        super(context, limits);
        file = context.dataDirectory().orElseThrow().resolve("providers");
        try {
            for (List<String> line : Lines.read(file)) {
                ProviderRecord record = record(line);
                held.computeIfAbsent(record.key().bytes(), key -> new ArrayList<>())
                        .add(record);
                renewed(record, Instant.parse(line.get(3)));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    void changed() throws StoreException {
        write();
    }

    final void write() throws StoreException {
        try {
            Lines.write(file, written().map(this::line).toList());
        } catch (IOException failed) {
            throw new StoreException.Failed("writing " + file, failed);
        }
    }

    Stream<ProviderRecord> written() {
        return held.values().stream().flatMap(Collection::stream);
    }

    private List<String> line(ProviderRecord record) {
        List<String> words = new ArrayList<>();
        words.add(record.key().bytes().hex());
        words.add(record.provider().bytes().hex());
        words.add(record.expires().map(Instant::toString).orElse("-"));
        words.add(renewal(record).toString());
        record.addresses().forEach(address -> words.add(address.toString()));
        return words;
    }

    private static ProviderRecord record(List<String> line) {
        return new ProviderRecord(
                RecordKey.of(Bytes.fromHex(line.get(0))),
                PeerId.fromBytes(Bytes.fromHex(line.get(1))),
                line.stream().skip(4).map(Multiaddr::parse).toList(),
                Lines.optional(line.get(2)).map(Instant::parse));
    }
}

package io.kad.bench.store;

import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import java.util.List;

/** Stores before they are opened: every operation fails. */
final class ClosedStores implements BenchmarkStores {

    private static IllegalStateException closed() {
        return new IllegalStateException("stores have not been opened");
    }

    @Override
    public void putAll(List<Record> records) {
        throw closed();
    }

    @Override
    public void addAll(List<ProviderRecord> providers) {
        throw closed();
    }

    @Override
    public Object get(RecordKey key) {
        throw closed();
    }

    @Override
    public Object providers(RecordKey key, int limit) {
        throw closed();
    }

    @Override
    public void close() {}
}

package io.kad.bench.store;

import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import java.util.List;

/** What stands for stores before there are any. */
final class NoStores implements OpenStores {

    private static IllegalStateException none() {
        return new IllegalStateException("nothing is open");
    }

    @Override
    public void putAll(List<Record> records) {
        throw none();
    }

    @Override
    public void addAll(List<ProviderRecord> providers) {
        throw none();
    }

    @Override
    public Object get(RecordKey key) {
        throw none();
    }

    @Override
    public Object providers(RecordKey key, int limit) {
        throw none();
    }

    @Override
    public void close() {}
}

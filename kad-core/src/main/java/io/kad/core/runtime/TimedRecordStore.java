package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Record store that measures the calls of another one, because they run on threads that must not wait. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
record TimedRecordStore(RecordStore store, SlowCallDetector watch) implements RecordStore {

    @Override
    public boolean mayBlock() {
        return store.mayBlock();
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        long start = watch.begin();
        try {
            return store.get(key);
        } finally {
            watch.end("get", start);
        }
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        long start = watch.begin();
        try {
            return store.update(key, change);
        } finally {
            watch.end("update", start);
        }
    }

    @Override
    public void updateAll(List<RecordChange> changes) throws StoreException {
        long start = watch.begin();
        try {
            store.updateAll(changes);
        } finally {
            watch.end("updateAll", start);
        }
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        long start = watch.begin();
        try {
            return store.page(after, limit);
        } finally {
            watch.end("page", start);
        }
    }

    @Override
    public Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        long start = watch.begin();
        try {
            return store.localPage(after, limit);
        } finally {
            watch.end("localPage", start);
        }
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        long start = watch.begin();
        try {
            return store.removeExpired(limit);
        } finally {
            watch.end("removeExpired", start);
        }
    }

    @Override
    public long size() throws StoreException {
        long start = watch.begin();
        try {
            return store.size();
        } finally {
            watch.end("size", start);
        }
    }

    @Override
    public Map<String, Long> statistics() throws StoreException {
        return store.statistics();
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}

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
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Record store that measures the calls of another one, because they run on threads that must not wait. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
record SlowCallDetectingRecordStore(RecordStore store, SlowCallDetector detector) implements RecordStore {

    @Override
    public boolean mayBlock() {
        return store.mayBlock();
    }

    @Override
    public Optional<Record> get(RecordKey key) throws StoreException {
        long start = detector.begin();
        try {
            return store.get(key);
        } finally {
            detector.end("get", start);
        }
    }

    @Override
    public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException {
        long start = detector.begin();
        try {
            return store.update(key, change);
        } finally {
            detector.end("update", start);
        }
    }

    @Override
    public void updateAll(List<RecordChange> changes) throws StoreException {
        long start = detector.begin();
        try {
            store.updateAll(changes);
        } finally {
            detector.end("updateAll", start);
        }
    }

    @Override
    public Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
        long start = detector.begin();
        try {
            return store.page(after, limit);
        } finally {
            detector.end("page", start);
        }
    }

    @Override
    public Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
        long start = detector.begin();
        try {
            return store.localPage(after, limit);
        } finally {
            detector.end("localPage", start);
        }
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        long start = detector.begin();
        try {
            return store.removeExpired(limit);
        } finally {
            detector.end("removeExpired", start);
        }
    }

    @Override
    public OptionalLong maxRemoteRecords() {
        return store.maxRemoteRecords();
    }

    @Override
    public OptionalLong maxRemoteBytes() {
        return store.maxRemoteBytes();
    }

    @Override
    public long size() throws StoreException {
        long start = detector.begin();
        try {
            return store.size();
        } finally {
            detector.end("size", start);
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

package io.kad.core.runtime;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Provider store that measures the calls of another one, because they run on threads that must not wait. */
record SlowCallDetectingProviderStore(ProviderStore store, SlowCallDetector detector) implements ProviderStore {

    @Override
    public boolean mayBlock() {
        return store.mayBlock();
    }

    @Override
    public void add(ProviderRecord record) throws StoreException {
        long start = detector.begin();
        try {
            store.add(record);
        } finally {
            detector.end("add", start);
        }
    }

    @Override
    public void addAll(List<ProviderRecord> records) throws StoreException {
        long start = detector.begin();
        try {
            store.addAll(records);
        } finally {
            detector.end("addAll", start);
        }
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        long start = detector.begin();
        try {
            return store.providers(key, limit);
        } finally {
            detector.end("providers", start);
        }
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        long start = detector.begin();
        try {
            return store.remove(key, provider);
        } finally {
            detector.end("remove", start);
        }
    }

    @Override
    public Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
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

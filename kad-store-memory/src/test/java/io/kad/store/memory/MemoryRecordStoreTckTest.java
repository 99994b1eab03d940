package io.kad.store.memory;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.tck.RecordStoreTck;
import java.util.Map;

class MemoryRecordStoreTckTest extends RecordStoreTck {

    @Override
    protected RecordStore createStore(SpiContext context, Limits limits) {
        Map<String, String> options = Map.of(
                "memory.max-records", "" + limits.remoteRecords(),
                "memory.max-local-records", "" + limits.localRecords(),
                "memory.max-value-bytes", "" + limits.valueBytes());
        return new MemoryRecordStoreProvider()
                .create(new SpiContext(
                        context.self(),
                        context.clock(),
                        context.dataDirectory(),
                        options,
                        context.executor(),
                        context.listener()));
    }
}

package io.kad.store.rocksdb.database;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyHandle;

/** Handles of the column families of an open database. Immutable until closed. */
final class ColumnFamilyHandles implements AutoCloseable {

    private final Map<ColumnFamily, ColumnFamilyHandle> handles = new EnumMap<>(ColumnFamily.class);

    /** Takes ownership of handles, given in the order of {@link ColumnFamily}. */
    ColumnFamilyHandles(List<ColumnFamilyHandle> inOrder) {
        Iterator<ColumnFamilyHandle> next = inOrder.iterator();
        for (ColumnFamily family : ColumnFamily.values()) {
            handles.put(family, next.next());
        }
    }

    ColumnFamilyHandle of(ColumnFamily family) {
        return requireNonNull(handles.get(family));
    }

    /** Returns all handles. */
    List<ColumnFamilyHandle> all() {
        return List.copyOf(handles.values());
    }

    @Override
    public void close() {
        handles.values().forEach(ColumnFamilyHandle::close);
    }
}

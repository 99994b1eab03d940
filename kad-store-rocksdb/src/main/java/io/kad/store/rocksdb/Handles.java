package io.kad.store.rocksdb;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyHandle;

/** The column families of an open database. */
final class Handles implements AutoCloseable {

    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);

    /** Takes over handles in the order of {@link Family}. */
    Handles(List<ColumnFamilyHandle> inOrder) {
        Iterator<ColumnFamilyHandle> next = inOrder.iterator();
        for (Family family : Family.values()) {
            handles.put(family, next.next());
        }
    }

    ColumnFamilyHandle of(Family family) {
        return requireNonNull(handles.get(family));
    }

    /** Returns all of them. */
    List<ColumnFamilyHandle> all() {
        return List.copyOf(handles.values());
    }

    @Override
    public void close() {
        handles.values().forEach(ColumnFamilyHandle::close);
    }
}

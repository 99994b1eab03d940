package io.kad.store.rocksdb.snapshot;

import java.io.IOException;

/** Bytes are not a snapshot, or are damaged. */
final class MalformedSnapshotException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedSnapshotException(String message) {
        super(message);
    }
}

package io.kad.store.rocksdb.snapshot;

import java.io.IOException;

/** Thrown when a file is not a snapshot, or is corrupted; a retry fails again. */
final class MalformedSnapshotException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedSnapshotException(String message) {
        super(message);
    }
}

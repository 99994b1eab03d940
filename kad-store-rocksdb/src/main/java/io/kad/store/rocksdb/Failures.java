package io.kad.store.rocksdb;

import io.kad.api.spi.StoreException;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Says in one line what is wrong with a database. */
final class Failures {

    private Failures() {}

    /** Returns why {@code directory} can't be opened. */
    static StoreException opening(Path directory, RocksDBException cause) {
        String said = firstLine(cause);
        String lower = said.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("lock")) {
            return failed(directory + " is in use by another process", cause);
        }
        if (isCorruption(cause) || lower.contains("manifest") || lower.contains("current")) {
            return failed(directory + " is damaged: " + said, cause);
        }
        return failed(directory + " can't be opened: " + said, cause);
    }

    /** Returns why something could not be read or written. */
    static StoreException using(RocksDBException cause) {
        String said = firstLine(cause);
        String lower = said.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("no space") || lower.contains("max allowed space")) {
            return failed("the disk is full, or the store takes as much as it may: " + said, cause);
        }
        return failed(isCorruption(cause) ? "the store is damaged: " + said : "the store failed: " + said, cause);
    }

    private static boolean isCorruption(RocksDBException cause) {
        Status status = cause.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    private static String firstLine(RocksDBException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static StoreException failed(String message, Throwable cause) {
        return new StoreException.Failed(message, cause);
    }
}

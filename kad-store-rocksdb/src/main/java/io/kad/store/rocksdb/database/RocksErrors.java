package io.kad.store.rocksdb.database;

import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Translates errors of RocksDB to store exceptions of one line. Most errors can be told apart by their message only. */
final class RocksErrors {

    /** Message of a write that the disk limit refuses. */
    static final String DISK_LIMIT_REACHED = "disk limit reached";

    private RocksErrors() {}

    /** Returns the exception for a database that can't be opened. */
    static StoreException opening(Path directory, RocksDBException cause) {
        return failed("cannot open " + directory + ": " + reason(cause), cause);
    }

    private static String reason(RocksDBException cause) {
        String message = firstLine(cause);
        if (contains(message, "read-only file system", "permission denied")) {
            return "not writable: " + message;
        }
        if (contains(message, "while lock file", "lock hold by current process")) {
            return "in use by another process";
        }
        if (contains(message, "column families not opened")) {
            return Schema.NEWER_VERSION + ": " + message;
        }
        if (isFull(message)) {
            return "disk full: " + message;
        }
        return isCorruption(cause, message) ? "corrupted: " + message : message;
    }

    /** Returns the exception for a failed read or write. */
    static StoreException storeException(RocksDBException cause) {
        String message = firstLine(cause);
        if (message.equals(DISK_LIMIT_REACHED)) {
            return failed("disk full: the limit of the store is reached (rocksdb.max-disk-bytes)", cause);
        }
        if (isFull(message)) {
            return failed("disk full: " + message, cause);
        }
        return failed(
                (isCorruption(cause, message) ? "the store is corrupted: " : "the store failed: ") + message, cause);
    }

    private static boolean isFull(String message) {
        return contains(message, "no space left");
    }

    private static boolean isCorruption(RocksDBException cause, String message) {
        Status status = cause.getStatus();
        return (status != null && status.getCode() == Status.Code.Corruption) || contains(message, "corruption");
    }

    private static boolean contains(String message, String... phrases) {
        String lower = message.toLowerCase(Locale.ROOT);
        return Stream.of(phrases).anyMatch(lower::contains);
    }

    private static String firstLine(RocksDBException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown error");
    }

    private static StoreException failed(String text, Throwable cause) {
        return new StoreException.Failed(text, cause);
    }
}

package io.kad.store.rocksdb.database;

import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Says in one line what is wrong with a database. RocksDB tells most of it in the words of its messages only. */
final class RocksErrors {

    private RocksErrors() {}

    /** Returns why {@code directory} can't be opened. */
    static StoreException opening(Path directory, RocksDBException cause) {
        String said = firstLine(cause);
        if (says(said, "read-only file system", "permission denied")) {
            return failed(directory + " may not be written: " + said, cause);
        }
        if (says(said, "while lock file", "lock hold by current process")) {
            return failed(directory + " is in use by another process", cause);
        }
        if (says(said, "column families not opened")) {
            return failed(directory + " was written by a newer version of kad: " + said, cause);
        }
        if (isFull(said)) {
            return failed(directory + " can't be opened: the disk is full: " + said, cause);
        }
        return failed(directory + (isCorruption(cause, said) ? " is damaged: " : " can't be opened: ") + said, cause);
    }

    /** Returns why something could not be read or written. */
    static StoreException using(RocksDBException cause) {
        String said = firstLine(cause);
        if (isFull(said)) {
            return failed("the disk is full, or the store takes as much as it may: " + said, cause);
        }
        return failed((isCorruption(cause, said) ? "the store is damaged: " : "the store failed: ") + said, cause);
    }

    private static boolean isFull(String said) {
        return says(said, "no space left", "max allowed space");
    }

    private static boolean isCorruption(RocksDBException cause, String said) {
        Status status = cause.getStatus();
        return (status != null && status.getCode() == Status.Code.Corruption) || says(said, "corruption");
    }

    private static boolean says(String said, String... phrases) {
        String lower = said.toLowerCase(Locale.ROOT);
        return Stream.of(phrases).anyMatch(lower::contains);
    }

    private static String firstLine(RocksDBException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static StoreException failed(String message, Throwable cause) {
        return new StoreException.Failed(message, cause);
    }
}

package io.kad.store.rocksdb;

import io.kad.api.spi.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads the native code of RocksDB, which must lie in a file for that. Left to itself, RocksDB makes a new file of tens of MiB in the
 * directory of temporary files for each process, and one that is killed leaves it there; in the directory of the database, the next one
 * replaces it.
 */
final class NativeCode {

    private static final String DIRECTORY = "native";

    private NativeCode() {}

    /** Loads it, unless it was loaded. */
    static void load(Path database) throws StoreException {
        try {
            Path directory = Files.createDirectories(database.resolve(DIRECTORY));
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
            RocksDB.loadLibrary();
        } catch (IOException | RuntimeException | LinkageError failed) {
            throw new StoreException.Failed("the native code of RocksDB can't be loaded: " + failed, failed);
        }
    }
}

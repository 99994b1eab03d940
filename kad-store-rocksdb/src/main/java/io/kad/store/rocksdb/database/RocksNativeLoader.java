package io.kad.store.rocksdb.database;

import io.kad.api.spi.store.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the native code of RocksDB, which must lie in a file for that. Left to itself, RocksDB makes a new file of tens of MiB in the
 * directory of temporary files for each process, and one that is killed leaves it there; in the directory of the database, the next one
 * replaces it. Where that is full or may not be written, it is left to itself.
 */
final class RocksNativeLoader {

    private static final Logger LOG = LoggerFactory.getLogger(RocksNativeLoader.class);
    private static final String DIRECTORY = "native";

    private RocksNativeLoader() {}

    /** Loads it, unless it was loaded. */
    static void load(Path database) throws StoreException {
        Path directory = database.resolve(DIRECTORY);
        try {
            Files.createDirectories(directory);
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } catch (IOException | RuntimeException | LinkageError impossible) {
            LOG.debug("the native code of RocksDB can't be put into {}", directory, impossible);
            empty(directory);
        }
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException | LinkageError failed) {
            throw new StoreException.Failed("the native code of RocksDB can't be loaded: " + failed, failed);
        }
    }

    /** Removes what was written before there was no more room. */
    private static void empty(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException impossible) {
            LOG.debug("{} can't be emptied", directory, impossible);
        }
    }
}

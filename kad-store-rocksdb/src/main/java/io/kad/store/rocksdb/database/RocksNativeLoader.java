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
 * Loads the native library of RocksDB from a file in the directory of the database.
 *
 * <p>By default RocksDB writes the library, tens of MiB, to a new temporary file for each process, and a killed process leaves its file
 * behind. A file in the directory of the database is replaced by the next process. If it can't be written there, the default applies.
 * Thread-safe.
 */
final class RocksNativeLoader {

    private static final Logger LOG = LoggerFactory.getLogger(RocksNativeLoader.class);
    private static final String DIRECTORY = "native";

    private RocksNativeLoader() {}

    /** Loads the library unless this process has loaded it. */
    static void load(Path database) throws StoreException {
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        // RocksDB starts a process, and a thread of the JVM that waits for it for a minute would keep the class loader
        // of an application
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            loadOnPlainThread(database);
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    private static void loadOnPlainThread(Path database) throws StoreException {
        Path directory = database.resolve(DIRECTORY);
        try {
            Files.createDirectories(directory);
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.debug("failed to write the native library of RocksDB to {}", directory, e);
            deleteFiles(directory);
        }
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException | LinkageError e) {
            throw new StoreException.Failed(
                    "cannot load the native library of RocksDB for " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ", which a jar for another platform lacks: " + e,
                    e);
        }
    }

    /** Deletes an incomplete file, so that it does not occupy a full disk. */
    private static void deleteFiles(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.debug("failed to delete the files in {}", directory, e);
        }
    }
}

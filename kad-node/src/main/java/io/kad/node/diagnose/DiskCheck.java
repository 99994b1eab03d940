package io.kad.node.diagnose;

import static io.kad.node.diagnose.CheckName.DISK;

import io.kad.store.rocksdb.RocksRecordStoreProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Check of the data directory: it can be written, has room, and no other process uses it. Blocks; leaves nothing behind. */
final class DiskCheck {

    /** Free space that a store needs to go on: twice its write buffers, which take an eighth of the heap by default, at most 32 MiB. */
    static final long MIN_FREE_BYTES = 64L << 20;

    /** Bytes that are written as a test: more than a file system keeps beside the name of a file. */
    private static final int TEST_BYTES = 64 * 1024;

    private DiskCheck() {}

    /** Checks the data directory of {@code setup}. */
    static Check of(NodeSetup setup) {
        if (setup.data().isEmpty()) {
            return Check.skipped(DISK, "no data directory is known: everything is in memory, and lost at the end");
        }
        Path data = setup.data().get().toAbsolutePath().normalize();
        Path existing = existing(data);
        if (existing == null || !Files.isDirectory(existing)) {
            return Check.failed(Fault.DATA_NOT_DIRECTORY, "expected a directory, found the file " + existing);
        }
        return written(existing)
                .or(() -> full(existing))
                // In its own process the lock is held, and must not be touched: closing the file would give it up
                .or(() -> setup.isRunning() ? Optional.empty() : inUse(data))
                .orElseGet(() -> Check.passed(
                        DISK,
                        existing.equals(data) ? data + " can be written" : data + " does not exist and can be made"));
    }

    /** Returns the path, or the nearest one above it that exists. */
    private static @Nullable Path existing(Path path) {
        Path found = path;
        while (found != null && !Files.exists(found)) {
            found = found.getParent();
        }
        return found;
    }

    private static Optional<Check> written(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "kad-diagnose-", ".tmp");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.allocate(TEST_BYTES);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            } finally {
                Files.deleteIfExists(file);
            }
            return Optional.empty();
        } catch (IOException failed) {
            String reason = String.valueOf(failed.getMessage());
            boolean isFull = reason.toLowerCase(Locale.ROOT).contains("no space");
            return Optional.of(
                    isFull
                            ? Check.failed(Fault.DATA_FULL, "the disk of " + directory + " is full")
                            : Check.failed(Fault.DATA_NOT_WRITABLE, directory + " cannot be written: " + failed));
        }
    }

    private static Optional<Check> full(Path directory) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            return free < MIN_FREE_BYTES
                    ? Optional.of(Check.failed(
                            Fault.DATA_FULL,
                            "the disk of " + directory + " has " + (free >> 20) + " MiB left, and a store needs "
                                    + (MIN_FREE_BYTES >> 20) + " MiB to go on"))
                    : Optional.empty();
        } catch (IOException unknown) {
            return Optional.empty(); // a file system that does not tell
        }
    }

    private static Optional<Check> inUse(Path data) {
        Path lock = RocksRecordStoreProvider.lockFile(data);
        if (!Files.exists(lock)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held == null ? Optional.of(used(data)) : Optional.empty();
        } catch (OverlappingFileLockException ofThisProcess) {
            return Optional.of(used(data));
        } catch (IOException failed) {
            return Optional.of(Check.failed(Fault.DATA_NOT_WRITABLE, lock + " cannot be locked: " + failed));
        }
    }

    private static Check used(Path data) {
        return Check.failed(Fault.DATA_IN_USE, "another process uses " + data);
    }
}

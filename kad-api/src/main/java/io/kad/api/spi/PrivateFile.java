package io.kad.api.spi;

import io.kad.api.id.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files with secrets: only their owner may use them, they appear complete, and they survive a crash of the machine. Thread-safe. */
public final class PrivateFile {

    private static final Object RENAMING = new Object();

    private PrivateFile() {}

    /**
     * Creates {@code file}, and its directory, with its whole content, for its owner only, where the file system has such permissions. It is synced
     * to the disk before this method returns, so a crash leaves no file or a complete one. An existing file is never overwritten.
     *
     * @return false if a file of that name exists, also if another process has just created it
     * @throws IOException if the file can't be created
     */
    public static boolean create(Path file, Bytes content) throws IOException {
        return create(file, content, FileSystemCalls.SYSTEM);
    }

    static boolean create(Path file, Bytes content, FileSystemCalls calls) throws IOException {
        Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
        PrivateDirectory.create(directory);
        Path part = Files.createTempFile(directory, ".private", ".part", ownerOnly(directory));
        try {
            write(part, content, calls);
            if (!publish(directory, part, file, calls)) {
                return false;
            }
        } finally {
            Files.deleteIfExists(part);
        }
        calls.syncDirectory(directory);
        return true;
    }

    private static void write(Path part, Bytes content, FileSystemCalls calls) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            ByteBuffer remaining = content.asReadOnlyBuffer();
            while (remaining.hasRemaining()) {
                channel.write(remaining);
            }
            calls.sync(channel);
        }
    }

    /** Gives the written file its final name; returns false if a file of that name exists. */
    private static boolean publish(Path directory, Path part, Path file, FileSystemCalls calls) throws IOException {
        try {
            calls.link(file, part);
            return true;
        } catch (FileAlreadyExistsException exists) {
            return false;
        } catch (FileSystemException | UnsupportedOperationException noLinks) {
            return renameIfAbsent(directory, part, file, calls);
        }
    }

    /**
     * Renames where there are no hard links. A rename replaces an existing file, so that all who do this in a directory hold the lock of one file,
     * which stays there.
     */
    private static boolean renameIfAbsent(Path directory, Path part, Path file, FileSystemCalls calls)
            throws IOException {
        Path lock = directory.resolve(".private.lock");
        synchronized (RENAMING) { // a file lock is of the whole process
            try (FileChannel channel = FileChannel.open(
                    lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownerOnly(directory))) {
                channel.lock(); // until it is closed
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    return false;
                }
                calls.rename(part, file);
                return true;
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) throws IOException {
        boolean posix = Files.getFileStore(directory).supportsFileAttributeView("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}

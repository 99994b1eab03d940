package io.kad.api.spi;

import io.kad.api.id.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files with secrets: only their owner may use them, they appear complete, and they survive a crash of the machine. Thread-safe. */
public final class PrivateFile {

    private PrivateFile() {}

    /**
     * Creates {@code file}, and its directory, with its whole content, for its owner only, where the file system has such permissions. It is synced
     * to the disk before this method returns, so a crash leaves no file or a complete one. An existing file is never overwritten.
     *
     * @return false if a file of that name exists, also if another process has just created it
     * @throws IOException if the file can't be created
     */
    public static boolean create(Path file, Bytes content) throws IOException {
        Path directory = file.toAbsolutePath().resolveSibling(".").normalize();
        PrivateDirectory.create(directory);
        Path part = Files.createTempFile(directory, ".private", ".part", ownerOnly(directory));
        try {
            write(part, content);
            if (!rename(part, file)) {
                return false;
            }
        } finally {
            Files.deleteIfExists(part);
        }
        PrivateDirectory.sync(directory);
        return true;
    }

    private static void write(Path part, Bytes content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            ByteBuffer remaining = content.asReadOnlyBuffer();
            while (remaining.hasRemaining()) {
                channel.write(remaining);
            }
            channel.force(true);
        }
    }

    /** Gives the written file its final name; returns false if a file of that name exists. */
    private static boolean rename(Path part, Path file) throws IOException {
        try {
            link(part, file);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void link(Path part, Path file) throws IOException {
        try {
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) { // without hard links
            Files.move(part, file);
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

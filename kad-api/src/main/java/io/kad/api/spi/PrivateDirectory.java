package io.kad.api.spi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories for the data of a peer: only their owner may use them, and they survive a crash of the machine. Thread-safe. */
public final class PrivateDirectory {

    private PrivateDirectory() {}

    /**
     * Creates {@code directory}, and its parents, where they do not exist: for their owner only, if the file system has such permissions. They are
     * synced to the disk before this method returns. Directories that exist stay as they are.
     *
     * @throws IOException if a directory can't be created
     */
    public static void create(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path existing = closestExisting(absolute);
        Files.createDirectories(absolute, ownerOnly(existing));
        for (Path parent = absolute.getParent();
                parent != null && parent.startsWith(existing);
                parent = parent.getParent()) {
            sync(parent);
        }
    }

    /** Syncs the names of the files in {@code directory} to the disk, if the system can open a directory. */
    public static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            // Windows cannot open directories, and syncs their entries by itself
        }
    }

    /** Returns {@code directory}, or its closest ancestor that exists. */
    private static Path closestExisting(Path directory) {
        Path existing = directory;
        for (Path parent = directory.getParent();
                parent != null && !Files.exists(existing);
                parent = parent.getParent()) {
            existing = parent;
        }
        return existing;
    }

    private static FileAttribute<?>[] ownerOnly(Path existing) throws IOException {
        boolean posix = Files.exists(existing) && Files.getFileStore(existing).supportsFileAttributeView("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}

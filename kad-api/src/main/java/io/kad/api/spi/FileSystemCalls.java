package io.kad.api.spi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Calls of the file system that {@link PrivateFile} makes. Tests put others in between that fail, wait, or are recorded. */
interface FileSystemCalls {

    /** Those of the file system of the path. */
    FileSystemCalls SYSTEM = new FileSystemCalls() {};

    /** Makes {@code name} a further name of {@code file}, unless it exists. */
    default void link(Path name, Path file) throws IOException {
        Files.createLink(name, file);
    }

    /** Gives {@code file} the name {@code name}; a file of that name is replaced. */
    default void rename(Path file, Path name) throws IOException {
        Files.move(file, name, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes what the file contains to the disk. */
    default void sync(FileChannel file) throws IOException {
        file.force(true);
    }

    /** Writes the names of the files of {@code directory} to the disk. */
    default void syncDirectory(Path directory) {
        PrivateDirectory.sync(directory);
    }
}

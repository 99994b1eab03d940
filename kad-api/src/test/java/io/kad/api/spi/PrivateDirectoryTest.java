package io.kad.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {

    @TempDir
    private Path directory;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aNewOneAndItsNewParentsAreForTheirOwnerOnly() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateDirectory.create(directory.resolve("a/b"));

        assertThat(permissions(directory.resolve("a"))).isEqualTo("rwx------");
        assertThat(permissions(directory.resolve("a/b"))).isEqualTo("rwx------");
        assertThat(permissions(directory)).as("one that existed").isEqualTo("rwxr-xr-x");
    }

    @Test
    void oneThatExistsStaysAsItIs() throws IOException {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        Path existing = Files.createDirectory(directory.resolve("a"));
        Files.setPosixFilePermissions(existing, PosixFilePermissions.fromString("rwxr-x---"));
        PrivateDirectory.create(existing);

        assertThat(permissions(existing)).isEqualTo("rwxr-x---");
    }

    @Test
    void aFileOfThatNameIsAnError() throws IOException {
        Path file = Files.createFile(directory.resolve("a"));

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> PrivateDirectory.create(file));
    }
}

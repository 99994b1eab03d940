package io.kad.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** What tests do to the files of a store. */
final class Directories {

    private Directories() {}

    /**
     * Copies what files hold at this moment: what another process would find there if this one died now. What is removed
     * meanwhile is left out.
     */
    static void copy(Path from, Path to) throws IOException {
        for (Path source : below(from)) {
            Path target = to.resolve(from.relativize(source).toString());
            try {
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
                }
            } catch (NoSuchFileException gone) {
                Files.deleteIfExists(target);
            }
        }
    }

    /** Turns each bit of each file. */
    static void damage(Path directory) throws IOException {
        for (Path path : below(directory)) {
            if (Files.isRegularFile(path)) {
                byte[] content = Files.readAllBytes(path);
                for (int i = 0; i < content.length; i++) {
                    content[i] = (byte) ~content[i];
                }
                Files.write(path, content);
            }
        }
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.toList();
        } catch (UncheckedIOException failed) {
            // a file was removed during the walk
            throw failed.getCause();
        }
    }
}

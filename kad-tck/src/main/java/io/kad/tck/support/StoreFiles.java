package io.kad.tck.support;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Operations of tests on the files of a store. */
public final class StoreFiles {

    private StoreFiles() {}

    /**
     * Copies the current content of all files, which is the state after a crash of the process at this moment. Files that are removed
     * during the call are left out.
     */
    public static void copy(Path from, Path to) throws IOException {
        for (Path source : below(from)) {
            Path target = to.resolve(from.relativize(source).toString());
            try {
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
                }
            } catch (NoSuchFileException e) {
                Files.deleteIfExists(target);
            }
        }
    }

    /** Inverts each bit of each file. */
    public static void corrupt(Path directory) throws IOException {
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

    /** Returns all paths below {@code directory}, itself included; paths that are removed during the walk may be left out. */
    private static List<Path> below(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                paths.add(path);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                paths.add(path);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return paths;
    }
}

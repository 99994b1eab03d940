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

/** What tests do to the files of a store. */
public final class StoreFiles {

    private StoreFiles() {}

    /**
     * Copies what files hold at this moment: what another process would find there if this one died now. What is removed
     * meanwhile is left out.
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
            } catch (NoSuchFileException gone) {
                Files.deleteIfExists(target);
            }
        }
    }

    /** Turns each bit of each file. */
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

    /** Returns what is in {@code directory}, itself included; what is removed during the walk may be left out. */
    private static List<Path> below(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                paths.add(each);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
                paths.add(each);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path each, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }
        });
        return paths;
    }
}

package io.kad.bench.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Temporary directory; closing deletes it and its content. */
record TemporaryDirectory(Path path) implements AutoCloseable {

    static TemporaryDirectory create() throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory("kad-bench"));
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }

    /** Returns the bytes of the tables and write-ahead logs of a database. */
    static long databaseBytes(Path database) throws IOException {
        long bytes = 0;
        for (Path path : below(database)) {
            String name = path.getFileName().toString();
            if (name.endsWith(".sst") || name.endsWith(".log")) {
                bytes += Files.size(path);
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        for (Path file : below(path)) {
            Files.delete(file);
        }
    }
}

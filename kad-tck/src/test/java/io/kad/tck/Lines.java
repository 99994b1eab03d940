package io.kad.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Files of lines of words. */
final class Lines {

    private Lines() {}

    static List<List<String>> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .map(line -> List.of(line.split(" ", -1)))
                .toList();
    }

    static void write(Path file, List<List<String>> lines) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.write(
                written, lines.stream().map(words -> String.join(" ", words)).toList());
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    static Optional<String> optional(String word) {
        return Optional.of(word).filter(text -> !text.equals("-"));
    }
}

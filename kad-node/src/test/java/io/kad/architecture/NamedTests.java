package io.kad.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Tests that a document names, as {@code NameTest#method}. */
final class NamedTests {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private NamedTests() {}

    /** Returns the tests that a cell of a table names, each in a code span. */
    static List<String> in(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    /** Returns whether there is a test with this class and this method. */
    static boolean isThere(String test) {
        String[] parts = test.split("#", 2);
        return parts.length == 2
                && ProjectSources.all().stream()
                        .filter(file -> file.toString().contains("/src/test/java/")
                                && file.getFileName().toString().equals(parts[0] + ".java"))
                        .anyMatch(file -> read(file).contains("void " + parts[1] + "("));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

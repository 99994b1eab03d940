package io.kad.node.option;

import io.kad.api.text.UnknownName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * File of options, one {@code name=value} a line, in UTF-8. A value is the whole rest of its line without the blanks around it, and a backslash
 * is a backslash. Empty lines, and those that begin with {@code #}, are skipped, and so is a byte order mark at the start of the file.
 */
final class ConfigFile {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** File without options. */
    static final ConfigFile EMPTY = new ConfigFile("", Map.of());

    private final String name;
    private final Map<String, Line> lines;

    /**
     * Line of the file.
     *
     * @param number the number of the line, from 1
     */
    private record Line(int number, String value) {}

    private ConfigFile(String name, Map<String, Line> lines) {
        this.name = name;
        this.lines = lines;
    }

    /** Reads {@code file}; a line that is malformed or repeats a name is an error that names it. */
    static ConfigFile read(Path file) {
        List<String> text;
        try {
            text = Files.readAllLines(file);
        } catch (IOException e) {
            throw UsageException.cannot("read --config " + file, e);
        }
        Map<String, Line> lines = new LinkedHashMap<>();
        for (int i = 0; i < text.size(); i++) {
            String line = (i == 0 ? withoutMark(text.get(i)) : text.get(i)).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String position = position(file.toString(), i + 1);
            int sign = line.indexOf('=');
            if (sign <= 0) {
                throw new UsageException("invalid " + position + ": expected name=value");
            }
            String option = line.substring(0, sign).strip();
            Line earlier =
                    lines.put(option, new Line(i + 1, line.substring(sign + 1).strip()));
            if (earlier != null) {
                throw new UsageException(
                        "invalid " + position + ": " + option + " was given in line " + earlier.number() + " already");
            }
        }
        return new ConfigFile(file.toString(), lines);
    }

    private static String withoutMark(String firstLine) {
        return firstLine.startsWith(BYTE_ORDER_MARK) ? firstLine.substring(1) : firstLine;
    }

    private static String position(String file, int line) {
        return "--config " + file + " line " + line;
    }

    /** Returns the names of the options in the file. */
    Set<String> names() {
        return lines.keySet();
    }

    /** Returns the value of an option; empty if the file does not have it. */
    Optional<String> value(String option) {
        return Optional.ofNullable(lines.get(option)).map(Line::value);
    }

    /** Returns the values of an option that may have several, with blanks or commas between them. */
    Stream<String> values(String option) {
        return value(option).stream()
                .flatMap(value -> Arrays.stream(value.split("[\\s,]+")))
                .filter(value -> !value.isEmpty());
    }

    /** Returns where {@code option}, which the file has, stands: {@code --config FILE line 3}. */
    String positionOf(String option) {
        Line line = lines.get(option);
        return position(name, line == null ? 0 : line.number());
    }

    /** Fails if the file has an option that is not {@code known}; the failure names its line. */
    void checkNames(Collection<String> known) {
        for (String option : names()) {
            if (!known.contains(option)) {
                throw new UsageException(UnknownName.message("option", option, positionOf(option), known));
            }
        }
    }
}

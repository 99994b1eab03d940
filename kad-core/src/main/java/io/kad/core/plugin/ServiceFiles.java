package io.kad.core.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Service files of one kind of plug-in, for messages: finds the line that names a provider that failed to load. */
final class ServiceFiles {

    private final List<Line> lines;
    private final ClassLoader loader;

    /**
     * Line of a service file that names a provider.
     *
     * @param location file and line number
     */
    private record Line(String location, String className) {}

    /** Reads the service files of {@code service} that {@code loader} finds; one that can't be read has no lines. */
    ServiceFiles(Class<?> service, ClassLoader loader) {
        this.loader = loader;
        this.lines = new ArrayList<>();
        try {
            for (URL file : Collections.list(loader.getResources("META-INF/services/" + service.getName()))) {
                read(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // The message of the failure is then without file and line
        }
    }

    private void read(URL file) throws IOException {
        try (var stream = file.openStream()) {
            String[] text = new String(stream.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
            for (int number = 1; number <= text.length; number++) {
                String className = text[number - 1].replaceFirst("#.*", "").strip();
                if (!className.isEmpty()) {
                    lines.add(new Line(file + " line " + number, className));
                }
            }
        }
    }

    /** Returns {@code failure} with the file and line of the provider that it is about, if that is found. */
    String locate(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Throwable cause = failure.getCause();
        String text = cause == null ? message : message + ": " + cause;
        List<Line> named = lines.stream()
                .filter(line -> message.contains(line.className()))
                .toList();
        List<Line> guilty =
                named.isEmpty() ? lines.stream().filter(this::isBroken).toList() : named;
        return locations(guilty).map(location -> text + " (" + location + ")").orElse(text);
    }

    private static Optional<String> locations(List<Line> lines) {
        String all = lines.stream().map(Line::location).distinct().collect(Collectors.joining(", "));
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    private boolean isBroken(Line line) {
        try {
            Class.forName(line.className(), false, loader);
            return false;
        } catch (ClassNotFoundException | LinkageError e) {
            return true;
        }
    }
}

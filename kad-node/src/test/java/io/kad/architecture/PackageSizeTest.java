package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A main package is small enough to read at one sitting, and large enough to be a package: 2 to 25 top-level types. */
class PackageSizeTest {

    static final int MAX_TYPES = 25;

    /** The packages that may hold a single type, with the reason. */
    private static final Map<String, String> SINGLE_TYPE = Map.of(
            "io.kad.core.inject",
            "Guice is an optional dependency, so what needs it stays separate",
            "io.kad.core.micrometer",
            "Micrometer is an optional dependency, so what needs it stays separate");

    @Test
    void everyMainPackageHasTwoTo25Types() {
        assertThat(violations(ProjectSources.main())).isEmpty();
    }

    @Test
    void aPackageOfOneOrOf26TypesIsFound() {
        assertThat(violations(files("io/kad/small", 1))).containsExactly("io.kad.small has 1 type, fewer than 2");
        assertThat(violations(files("io/kad/large", 26))).containsExactly("io.kad.large has 26 types, more than 25");
        assertThat(violations(files("io/kad/right", 25))).isEmpty();
        assertThat(violations(files("io/kad/core/inject", 1))).isEmpty();
        assertThat(violations(files("io/kad/core/inject", 2)))
                .containsExactly("io.kad.core.inject has 2 types; remove it from the packages of a single type");
    }

    private static List<Path> files(String directory, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Path.of("/kad-a/src/main/java/" + directory + "/T" + i + ".java"))
                .toList();
    }

    private static List<String> violations(Collection<Path> sources) {
        Map<String, Integer> types = new TreeMap<>();
        for (Path source : sources) {
            String path = source.toString();
            if (!path.endsWith("-info.java")) {
                String below = path.substring(path.indexOf("/java/") + "/java/".length());
                types.merge(below.substring(0, below.lastIndexOf('/')).replace('/', '.'), 1, Integer::sum);
            }
        }
        List<String> found = new ArrayList<>();
        types.forEach((name, count) -> {
            if (count > MAX_TYPES) {
                found.add("%s has %d types, more than %d".formatted(name, count, MAX_TYPES));
            } else if (count == 1 && !SINGLE_TYPE.containsKey(name)) {
                found.add(name + " has 1 type, fewer than 2");
            } else if (count > 1 && SINGLE_TYPE.containsKey(name)) {
                found.add("%s has %d types; remove it from the packages of a single type".formatted(name, count));
            }
        });
        return found;
    }
}

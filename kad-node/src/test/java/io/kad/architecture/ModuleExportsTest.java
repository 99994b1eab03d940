package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.core.inject.KademliaModule;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * On the module path users see of kad-core what is meant for them; the simulator sees what it builds peers with. What a module exports in part is
 * what the build compares with earlier versions, and what docs/RELEASING.md calls its API.
 */
class ModuleExportsTest {

    private static final Pattern COMPARED = Pattern.compile("<kad\\.exported>([\\w.,]+)</kad\\.exported>");
    private static final Pattern EXPORTS = Pattern.compile("(?m)^ {4}exports ([\\w.]+);$");

    /** Returns the packages that the POM of a module names, of those that name some. */
    private static Map<String, Set<String>> compared() throws IOException {
        Map<String, Set<String>> packages = new TreeMap<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(ProjectSources.root(), "kad-*")) {
            for (Path module : modules) {
                Matcher named = COMPARED.matcher(Files.readString(module.resolve("pom.xml")));
                if (named.find()) {
                    packages.put(
                            module.getFileName().toString(),
                            Set.of(named.group(1).split(",", -1)));
                }
            }
        }
        return packages;
    }

    @Test
    void whatAModuleExportsIsComparedWithEarlierVersionsAndDocumented() throws IOException {
        Map<String, Set<String>> compared = compared();
        assertThat(compared).containsKeys("kad-core", "kad-transport-netty");
        for (Map.Entry<String, Set<String>> module : compared.entrySet()) {
            Path declaration = ProjectSources.root().resolve(module.getKey()).resolve("src/main/java/module-info.java");
            if (Files.exists(declaration)) {
                assertThat(EXPORTS.matcher(Files.readString(declaration)).results())
                        .as(module.getKey())
                        .extracting(found -> found.group(1))
                        .containsExactlyInAnyOrderElementsOf(module.getValue());
            }
        }
        assertThat(Files.readString(ProjectSources.root().resolve("docs").resolve("RELEASING.md")))
                .contains(compared.values().stream()
                        .flatMap(Set::stream)
                        .map(name -> "`" + name + "`")
                        .toList());
    }

    @Test
    void theCoreShowsItsBindingsToEveryoneAndItsRuntimeToTheSimulator() throws URISyntaxException {
        Path core = Path.of(KademliaModule.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Map<String, Set<String>> exports =
                ModuleFinder.of(core).find("io.kad.core").orElseThrow().descriptor().exports().stream()
                        .collect(Collectors.toMap(ModuleDescriptor.Exports::source, ModuleDescriptor.Exports::targets));

        assertThat(exports)
                .isEqualTo(Map.of(
                        "io.kad.core.inject", Set.of(),
                        "io.kad.core.micrometer", Set.of(),
                        "io.kad.core.peer", Set.of("io.kad.sim"),
                        "io.kad.core.runtime", Set.of("io.kad.sim")));
    }
}

package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of kad-core are those of docs/ARCHITECTURE.md, and form no cycle. */
class PackageArrowsTest {

    private static final String CORE = "io.kad.core.";
    private static final Pattern BLOCK = Pattern.compile("(?s)## Packages of kad-core\n.*?\n```\n(.*?)```");

    @Test
    void theDocumentListsExactlyTheArrowsOfTheCode() throws IOException {
        assertThat(documented()).isEqualTo(actual());
    }

    @Test
    void theArrowsFormNoCycle() throws IOException {
        assertThat(onCycles(documented())).isEmpty();
    }

    @Test
    void packagesOnACycleAreFound() {
        assertThat(onCycles(arrows("a\nb -> a\nc -> a, b"))).isEmpty();
        assertThat(onCycles(arrows("a -> b\nb -> c\nc -> a\nd -> a\ne"))).containsExactly("a", "b", "c", "d");
        assertThat(onCycles(arrows("a -> a"))).containsExactly("a");
    }

    @Test
    void anArrowBlockHasOneLinePerPackage() {
        assertThat(arrows("a\nb  -> a, c")).isEqualTo(Map.of("a", Set.of(), "b", Set.of("a", "c")));
        assertThatThrownBy(() -> arrows("a\na -> b")).hasMessageContaining("duplicate package a");
    }

    /** Returns the packages that lie on a cycle or lead to one. */
    private static Set<String> onCycles(Map<String, Set<String>> arrows) {
        Map<String, Set<String>> left = new TreeMap<>();
        arrows.forEach((from, to) -> left.put(from, new HashSet<>(to)));
        boolean removed = true;
        while (removed) {
            Set<String> remaining = left.keySet();
            left.values().forEach(targets -> targets.retainAll(remaining));
            removed = left.values().removeIf(Set::isEmpty);
        }
        return left.keySet();
    }

    private static Map<String, Set<String>> documented() throws IOException {
        String text = Files.readString(ProjectSources.root().resolve("docs").resolve("ARCHITECTURE.md"));
        Matcher block = BLOCK.matcher(text);
        assertThat(block.find()).as("the block of arrows").isTrue();
        return arrows(block.group(1));
    }

    /** Reads lines {@code from -> to, to}; a package without arrows stands alone. */
    private static Map<String, Set<String>> arrows(String lines) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (String line : lines.lines().toList()) {
            int arrow = line.indexOf("->");
            String from = (arrow < 0 ? line : line.substring(0, arrow)).strip();
            Set<String> to = new TreeSet<>();
            if (arrow >= 0) {
                Pattern.compile(",")
                        .splitAsStream(line.substring(arrow + 2))
                        .map(String::strip)
                        .forEach(to::add);
            }
            if (arrows.put(from, to) != null) {
                throw new IllegalArgumentException("duplicate package " + from);
            }
        }
        return arrows;
    }

    private static Map<String, Set<String>> actual() {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.kad.core")) {
            if (isInPackage(type)) {
                Set<String> to = arrows.computeIfAbsent(packageOf(type), name -> new TreeSet<>());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (isInPackage(target) && !packageOf(target).equals(packageOf(type))) {
                        to.add(packageOf(target));
                    }
                }
            }
        }
        return arrows;
    }

    private static boolean isInPackage(JavaClass type) {
        return type.getPackageName().startsWith(CORE) && !type.getSimpleName().equals("package-info");
    }

    private static String packageOf(JavaClass type) {
        return type.getPackageName().substring(CORE.length());
    }
}

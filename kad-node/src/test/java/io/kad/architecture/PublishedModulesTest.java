package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials lists each module that others can depend on, and nothing published names a place to download from. */
class PublishedModulesTest {

    private static final Pattern MODULE = Pattern.compile("<module>(kad-[a-z-]+)</module>");
    private static final Pattern MANAGED = Pattern.compile("<artifactId>(kad-[a-z-]+)</artifactId>\\s*<version>");
    private static final Pattern REPOSITORY =
            Pattern.compile("<(repositories|pluginRepositories|distributionManagement)>");

    @Test
    void theBillOfMaterialsListsEveryPublishedModule() {
        List<String> published = matches(MODULE, pom("."))
                .filter(module -> !module.equals("kad-bom"))
                .filter(module -> !pom(module).contains("<maven.deploy.skip>true"))
                .toList();

        assertThat(published).hasSizeGreaterThan(8);
        assertThat(matches(MANAGED, billOfMaterials())).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void theParentManagesTheSameModules() {
        assertThat(matches(MANAGED, pom(".")).filter(name -> !name.equals("kad-parent")))
                .containsExactlyInAnyOrderElementsOf(
                        matches(MANAGED, billOfMaterials()).toList());
    }

    @Test
    void noPomNamesARepository() {
        assertThat(matches(MODULE, pom("."))
                        .filter(module -> REPOSITORY.matcher(pom(module)).find()))
                .isEmpty();
        assertThat(REPOSITORY.matcher(pom(".")).find()).isFalse();
    }

    private static String billOfMaterials() {
        return pom("kad-bom").replaceAll("(?s)<parent>.*</parent>", "");
    }

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }

    private static String pom(String module) {
        Path file = ProjectSources.root().resolve(module).resolve("pom.xml");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

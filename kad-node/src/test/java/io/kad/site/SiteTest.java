package io.kad.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents make a site without a broken link. */
class SiteTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path RESOURCES = Path.of("kad-node", "src", "test", "resources", "site");

    @TempDir
    private Path directory;

    @Test
    void everyDocumentIsAPageAndNoLinkIsBroken() throws IOException {
        assertThat(new Site(ROOT, directory).build()).isEmpty();

        try (Stream<Path> documents = Files.list(ROOT.resolve("docs"))) {
            List<Path> pages = documents
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(file -> directory.resolve(SitePage.inSite(ROOT.relativize(file))))
                    .toList();
            assertThat(pages).isNotEmpty().allSatisfy(page -> assertThat(page).isRegularFile());
        }
        assertThat(directory.resolve("docs/images/dashboard-dark.png")).isRegularFile();
        assertThat(directory.resolve("index.html"))
                .content()
                .contains(
                        "<title>kad</title>",
                        "<link rel=\"stylesheet\" href=\"style.css\">",
                        "<a href=\"index.html\" aria-current=\"page\">kad</a>",
                        "href=\"docs/GUIDE.html\"",
                        "src=\"docs/images/dashboard-light.png\"",
                        "<table>")
                .doesNotContain("${", "<script", ".md\"");
        assertThat(directory.resolve("docs/OPERATING.html"))
                .content()
                .contains(
                        "href=\"../style.css\"",
                        "href=\"../index.html\"",
                        "<a href=\"PROGRAM.html#one-jar\">The program</a>",
                        "<h2 id=\"back-up\">Back up</h2>");
    }

    private List<String> brokenLinksOf(String page) throws IOException {
        Path resources = Files.createDirectories(directory.resolve(RESOURCES));
        for (String file : List.of("page.html", "style.css")) {
            Files.copy(ROOT.resolve(RESOURCES).resolve(file), resources.resolve(file));
        }
        Files.writeString(resources.resolve("navigation.md"), "[navigation](docs/A.md#one-part)");
        Files.writeString(directory.resolve("README.md"), page);
        Files.createDirectories(directory.resolve("docs"));
        Files.writeString(directory.resolve("docs/A.md"), "# A\n\n## One part\n\n[back](../README.md) [gone](B.md)\n");
        return new Site(directory, directory.resolve("out")).build();
    }

    @Test
    void brokenLinksAreFoundOnEveryPageThatIsReached() throws IOException {
        assertThat(brokenLinksOf("# T\n\n[a](docs/A.md) [b](docs/A.md#two) [c](#t) [d](#u) ![e](e.png) [f](../x.md)"
                        + " [g](apidocs/index.html) [h](apidocs/x.html) [i](/etc/hosts)\n"))
                .containsExactly(
                        "README.md -> ../x.md",
                        "README.md -> /etc/hosts",
                        "README.md -> README.md#u",
                        "README.md -> apidocs/x.html",
                        "README.md -> docs/A.md#two",
                        "README.md -> e.png",
                        "docs/A.md -> docs/B.md");
    }

    @Test
    void markupInADocumentIsText() throws IOException {
        assertThat(brokenLinksOf("# T\n\n<b onclick=\"x\">\n\n[web](https://example.org/a.md)\n"))
                .containsExactly("docs/A.md -> docs/B.md");
        assertThat(directory.resolve("out/index.html"))
                .content()
                .doesNotContain("<b ")
                .contains("href=\"https://example.org/a.md\"");
    }
}

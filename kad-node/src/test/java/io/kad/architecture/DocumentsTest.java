package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents name types and members that exist, and lead to files that exist. */
class DocumentsTest {

    private static final List<String> PLATFORM =
            List.of("java.lang.", "java.util.", "java.util.concurrent.", "java.nio.file.", "java.time.");

    /** Names of code spans that are no types of the project or the platform, with their origin. */
    private static final Map<String, String> OTHERS = Map.of("NetworkBehaviour", "rust-libp2p");

    private static final TypeIndex TYPES = new TypeIndex(ProjectSources.parse(ProjectSources.main()));

    private static final Set<String> TESTS = ProjectSources.all().stream()
            .filter(file -> file.toString().contains("/src/test/java/"))
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toUnmodifiableSet());

    @Test
    void everyTypeAndMemberThatADocumentNamesExists() throws IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path document : documents()) {
            Set<String> names = names(document);
            named += names.size();
            names.stream()
                    .filter(name -> !exists(name))
                    .forEach(name -> missing.add(document.getFileName() + ": " + name));
        }

        assertThat(named).isGreaterThan(200);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyOtherNameIsNeeded() throws IOException {
        Set<String> named = new TreeSet<>();
        for (Path document : documents()) {
            named.addAll(names(document));
        }
        assertThat(named).containsAll(OTHERS.keySet());
    }

    @Test
    void everyPictureAndDocumentThatADocumentLinksToExists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path document : ProjectSources.documents()) {
            for (String link : DocumentNames.links(Files.readString(document))) {
                if (!Files.exists(document.resolveSibling(link))) {
                    missing.add(document.getFileName() + ": " + link);
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "KadEngine, true",
        "KadEngine.advance, true",
        "EngineAction.SendRequest, true",
        "SendRequest, true",
        "ServiceLoader, true",
        "Flow.Publisher, true",
        "WordRulesTest, true",
        "KadEngin, false",
        "KadEngine.retreat, false",
        "EngineAction.RequestAnswered, false",
        "NoSuchTest, false"
    })
    void aNameExistsIfItIsDeclaredInTheProjectOrThePlatform(String name, boolean exists) {
        assertThat(exists(name)).isEqualTo(exists);
    }

    @Test
    void namesAreReadFromCodeSpansAndPicturesOnly() {
        assertThat(DocumentNames.inMarkdown("""
                        The Parser and `KadEngine` use `Query.result()`, `Map<K, V>` and `A.b().c(..)`,
                        not `KEY`, `k = 20`, `./kad` or `New words`.
                        ```java
                        `Code`
                        ```
                        `SimNetwork#closest`
                        """))
                .containsExactly("KadEngine", "Query.result", "Map", "SimNetwork#closest");
        assertThat(DocumentNames.inSvg("<style>A.BigName{}</style><text x='1'>SendRequest to Peer</text>"))
                .containsExactly("SendRequest");
        assertThat(DocumentNames.links("[a](docs/A.md#part) [b](https://example.org) ![c](c.svg) [d](#top)"))
                .containsExactlyInAnyOrder("docs/A.md", "c.svg");
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(ProjectSources.root().resolve("docs"))) {
            Stream<Path> pictures = docs.filter(file -> file.toString().endsWith(".svg"));
            return Stream.concat(ProjectSources.documents().stream(), pictures).toList();
        }
    }

    private static Set<String> names(Path document) throws IOException {
        String text = Files.readString(document);
        if (document.toString().endsWith(".svg")) {
            return DocumentNames.inSvg(text);
        }
        // The first column of the tables of PARITY.md holds names of rust-libp2p
        boolean isParity = document.endsWith("PARITY.md");
        return DocumentNames.inMarkdown(isParity ? text.replaceAll("(?m)^\\|[^|]*\\|", "|") : text);
    }

    private static boolean exists(String name) {
        List<String> path = DocumentNames.path(name);
        return TYPES.contains(path)
                || TESTS.contains(path.get(0))
                || OTHERS.containsKey(name)
                || PLATFORM.stream().anyMatch(prefix -> isClass(prefix + path.get(0)));
    }

    private static boolean isClass(String name) {
        try {
            Class.forName(name, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}

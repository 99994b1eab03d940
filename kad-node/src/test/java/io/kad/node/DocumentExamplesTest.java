package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in the documents for users is that of the examples, which are built and run; its commands are commands of the program. */
class DocumentExamplesTest {

    private static final Path ROOT = Path.of("..");

    /** What comes before the words of a command in a document. */
    private static final Pattern PROGRAM = Pattern.compile("^\\./kad |^.*java .*-jar (?:/opt/kad/)?kad\\.jar ");

    private static final String PEER_ID = "12D3KooWEytPNNKYcT5j2nTYarjCaCiT6rHmx3fmHANRiBdGTkm9";

    private static List<String> documents() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .map(file -> ROOT.relativize(file).toString())
                    .filter(file -> file.endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    static Stream<String> commands() throws IOException {
        return documents().stream()
                .flatMap(page -> blocks(page, "sh").stream())
                .flatMap(String::lines)
                .filter(line -> PROGRAM.matcher(line).find());
    }

    static Stream<String> pagesWithJava() throws IOException {
        return documents().stream().filter(page -> !blocks(page, "java").isEmpty());
    }

    @Test
    void thePagesForUsersHaveExamples() throws IOException {
        assertThat(pagesWithJava()).contains("README.md", "docs/GUIDE.md", "docs/METRICS.md", "docs/SIMULATION.md");
        assertThat(commands()).anyMatch(line -> line.startsWith("podman exec")).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("pagesWithJava")
    void eachPieceOfJavaIsPartOfAProgram(String page) throws IOException {
        List<String> programs = contents(ROOT.resolve("examples"), ".java");
        assertThat(blocks(page, "java"))
                .allSatisfy(block -> assertThat(programs).anyMatch(program -> program.contains(block)));
    }

    @ParameterizedTest
    @ValueSource(strings = "docs/GUIDE.md")
    void eachPieceOfAPomIsPartOfOneThatIsBuilt(String page) throws IOException {
        List<String> poms = contents(ROOT.resolve("consumer-tests"), "pom.xml");
        String version = "<version>" + projectVersion() + "</version>";
        assertThat(blocks(page, "xml"))
                .isNotEmpty()
                .map(block -> block.replace(version, "<version>${kad.version}</version>"))
                .allSatisfy(block -> assertThat(poms).anyMatch(pom -> pom.contains(block)));
    }

    /** Nobody can build against a version that does not exist. */
    @Test
    void theVersionIsThatOfTheProject() throws IOException {
        assertThat(Files.readString(ROOT.resolve("docs/GUIDE.md")))
                .contains("the version is `" + projectVersion() + "`");
        assertThat(Files.readString(ROOT.resolve("examples/spring-boot/pom.xml")))
                .contains("<kad.version>" + projectVersion() + "</kad.version>");
        assertThat(contents(ROOT.resolve("consumer-tests"), "pom.xml"))
                .noneMatch(pom -> pom.contains(projectVersion()))
                .filteredOn(pom -> pom.contains("${kad.version}"))
                .hasSize(4);
    }

    private static String projectVersion() {
        return Pattern.compile("(?m)^  <version>(.*)</version>$")
                .matcher(readAsIs(ROOT.resolve("pom.xml")))
                .results()
                .map(version -> version.group(1))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachCommandIsOne(String line) {
        String[] words = PROGRAM.matcher(line)
                .replaceFirst("")
                .replaceAll(" +(#|>).*", "")
                .replace("PEERID", PEER_ID)
                .split(" ", -1);
        assertThatCode(() -> Main.commandLine().parseArgs(words)).doesNotThrowAnyException();
    }

    /** Returns the blocks of a language, without indentation. */
    private static List<String> blocks(String page, String language) {
        try {
            return Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$")
                    .matcher(Files.readString(ROOT.resolve(page)))
                    .results()
                    .map(block -> withoutIndentation(block.group(1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> contents(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> !file.toString().contains("target"))
                    .map(DocumentExamplesTest::read)
                    .toList();
        }
    }

    private static String read(Path file) {
        return withoutIndentation(readAsIs(file));
    }

    private static String readAsIs(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutIndentation(String text) {
        return text.replaceAll("(?m)^[ \\t]+", "");
    }
}

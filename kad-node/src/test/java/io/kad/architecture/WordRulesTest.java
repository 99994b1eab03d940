package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, messages and Javadoc use the words of docs/GLOSSARY.md. */
class WordRulesTest {

    private static final String LIST = """
            # a comment

            answer, answered | response | names, messages
                Kept: a reason
                Type#kept: a reason
            own | local | names
            give way | evict | names, messages
            has to | must | messages
            """;

    @Test
    void everyMainSourceUsesTheWordsOfTheGlossary() {
        RetiredWords retired = RetiredWords.parse(resource("/retired-words.txt"));

        List<String> found =
                new ArrayList<>(new WordRules(retired).violations(ProjectSources.parse(ProjectSources.main())));
        found.addAll(retired.unusedExceptions());

        assertThat(String.join("\n", found)).isEmpty();
    }

    @Test
    void aRetiredWordInANameIsReportedWithFileLineAndTheWordToUse() {
        assertThat(violations("class A {\n\n    int lateAnswer;\n}"))
                .containsExactly("/A.java:3 'answer': use response (in \"lateAnswer\")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class OwnStore {}",
                "interface A { record Own() {} }",
                "enum A { OWN_STORE }",
                "class A { int ownStore; }",
                "record A(int ownStore) {}",
                "class A { void own() {} }",
                "class A { Object a = new Object() { int own; }; }",
                "class A { void gaveOrGiveWay() {} }"
            })
    void theNamesOfTypesAndMembersAreChecked(String source) {
        assertThat(violations(source)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class A { void owner(int own) { int answer = own; } }",
                "class A { @Override public void own() {} }",
                "class A { void gives() {} void way() {} }",
                "class A { void downOwned() {} }"
            })
    void parametersOverridesAndOtherWordsAreNotChecked(String source) {
        assertThat(violations(source)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "the peer answered late",
                "An Answer came",
                "records give way to others",
                "a peer has to be connected",
                "'x' is no command",
                "'x' is none: auto is",
                "there is no peer"
            })
    void retiredWordsAndNegatedNounsInMessagesAreFound(String message) {
        assertThat(violations("class A { String a = \"" + message + "\"; }")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "answer",
                "an answering machine",
                "a giveaway",
                "own words",
                "key has 1 to 16 bytes",
                "the peer is no longer connected",
                "/answer/1.0.0"
            })
    void singleWordsOtherWordsAndWordsRetiredInNamesOnlyAreRight(String message) {
        assertThat(violations("class A { String a = \"" + message + "\"; }")).isEmpty();
    }

    @Test
    void messagesInAnnotationsAndPartsOfMessagesAreChecked() {
        assertThat(violations("class A { @Option(description = \"Answer in JSON.\") int a; }"))
                .hasSize(1);
        assertThat(violations("class A { String a(int n) { return n + \" peers answered\"; } }"))
                .hasSize(1);
    }

    @Test
    void everyRetiredWordOfATextIsReported() {
        assertThat(violations("class A { String a = \"answers that answered give way to an answer\"; }"))
                .hasSize(3);
    }

    @Test
    void exceptionsHoldForATypeOrAMember() {
        assertThat(violations("class Kept { int answer; class Inner { String a = \"an answer\"; } }"))
                .isEmpty();
        assertThat(violations("class Type { String kept() { return \"an answer\"; } String a = \"an answer\"; }"))
                .containsExactly("/A.java:1 'answer': use response (in \"an answer\")");
    }

    @Test
    void exceptionsThatNothingNeedsAreReported() {
        RetiredWords retired =
                RetiredWords.parse("answer | response | names\n    Kept: a reason\n    Gone: a reason\n");
        new WordRules(retired).violations(ProjectSources.parse("class Kept { int answer; }"));

        assertThat(retired.unusedExceptions()).containsExactly("unused exception Gone for 'answer'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "answer | response",
                "answer | | names",
                "answer | response | comments",
                "    Type: a reason",
                "answer | response | names\n    Type",
                "answer | response | names\n    Type: "
            })
    void aMalformedListIsRefused(String list) {
        assertThatThrownBy(() -> RetiredWords.parse(list)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/** What a peer does. */ class A {}",
                "/**\n * How it works.\n */\ninterface A {}",
                "class A { /** Whether it works. */ enum B {} }",
                "/** Something that works. */ record A() {}"
            })
    void javadocOfATypeThatBeginsWithAQuestionWordIsFound(String source) {
        assertThat(violations(source)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/** A peer, and what it does. */ class A {}",
                "/** Whatever. */ class A {}",
                "class A { /** What it returns. */ int a; }",
                "/* What is no Javadoc */ class A {}"
            })
    void otherJavadocIsRight(String source) {
        assertThat(violations(source)).isEmpty();
    }

    private static List<String> violations(String source) {
        return new WordRules(RetiredWords.parse(LIST)).violations(ProjectSources.parse(source));
    }

    private static String resource(String name) {
        try (InputStream in = WordRulesTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

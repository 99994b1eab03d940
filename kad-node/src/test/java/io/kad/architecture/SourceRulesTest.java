package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every source file of the project is small, well named and finished. */
class SourceRulesTest {
    @Test
    void everySourceFileKeepsTheRules() {
        List<Path> sources = ProjectSources.all();

        assertThat(sources).hasSizeGreaterThan(10);
        assertThat(SourceRules.violations(ProjectSources.parse(sources))).isEmpty();
    }

    @Test
    void everyPackageOfTheProductSaysWhatItIsFor() {
        List<Path> packages = ProjectSources.main().stream()
                .filter(source -> !source.endsWith("module-info.java"))
                .map(Path::getParent)
                .distinct()
                .toList();

        assertThat(packages)
                .allSatisfy(each -> assertThat(each.resolve("package-info.java"))
                        .content()
                        .startsWith("/**")
                        .contains("@NullMarked"));
    }

    @Test
    void aMethodMayHaveSixtyLinesAndNotOneMore() {
        assertThat(violations("class A {\n" + method(SourceRules.MAX_METHOD_LINES) + "}\n"))
                .isEmpty();
        assertThat(violations("class A {\n" + method(SourceRules.MAX_METHOD_LINES + 1) + "}\n"))
                .containsExactly("/A.java:2 go is longer than 60 lines");
    }

    @Test
    void aFileMayHaveSixHundredLinesAndNotOneMore() {
        String[] comments = {"// a comment\n".repeat(SourceRules.MAX_FILE_LINES - 1), "// one more\n"};

        assertThat(violations("class A {}\n" + comments[0])).isEmpty();
        assertThat(violations("class A {}\n" + comments[0] + comments[1]))
                .containsExactly("/A.java has 601 lines, more than 600");
    }

    @Test
    void namesThatSayNothingAreFoundNestedOnesToo() {
        assertThat(violations("class A { static class StreamUtils {} record TableManager() {} interface Implicit {} }"))
                .hasSize(2);
    }

    @Test
    void sleepsAndUnfinishedWorkAreFound() {
        assertThat(violations("class A { void go() throws Exception { Thread.sleep(1); } }"))
                .hasSize(1);
        assertThat(violations("class A { /* TO" + "DO */ }")).hasSize(1);
    }

    private static String method(int lines) {
        return "void go() {\n" + "// a comment\n".repeat(lines - 2) + "}\n";
    }

    private static List<String> violations(String text) {
        return SourceRules.violations(ProjectSources.parse(text));
    }
}

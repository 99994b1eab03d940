package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages of the program to {@code target/man-pages}; the profile {@code man} turns them into pages for {@code man}. */
class ManPagesTest {

    private static final Path PAGES = Path.of("target", "man-pages");

    /** Width of a synopsis that is in one line: the generator breaks lines within names. */
    private static final int ONE_LINE = 10_000;

    @Test
    void eachCommandHasAPageWithItsOptionsAndExamples() throws IOException {
        CommandLine program = Main.commandLine().setUsageHelpWidth(ONE_LINE);
        Files.createDirectories(PAGES);
        try (Stream<Path> old = Files.list(PAGES)) {
            for (Path page : old.toList()) {
                Files.delete(page);
            }
        }

        int failed = ManPageGenerator.generateManPage(
                new File(PAGES.toString()), null, new boolean[0], false, program.getCommandSpec());

        assertThat(failed).isZero();
        assertThat(PAGES.resolve("kad.adoc")).content().contains("*kad*");
        assertThat(program.getSubcommands()).isNotEmpty();
        for (String name : program.getSubcommands().keySet()) {
            assertThat(PAGES.resolve("kad-" + name + ".adoc"))
                    .content()
                    .as(name)
                    .contains("== Name", "== Synopsis", "kad " + name, "Examples");
        }
        assertPagesHaveAllOptions(program, "kad");
        assertThat(PAGES.resolve("kad-put.adoc")).content().contains("--quorum", "kad put /app/greeting hello");
    }

    /** Each option has an entry with all its names, and its parameter is in the synopsis in one piece. */
    private static void assertPagesHaveAllOptions(CommandLine command, String page) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            assertThat(PAGES.resolve(page + ".adoc")).content().as(page).satisfies(text -> {
                for (String name : option.names()) {
                    assertThat(text).containsPattern("(?m)^\\*.*" + name + "[,*].*::$");
                }
                if (option.arity().max() > 0) {
                    assertThat(text.substring(0, text.indexOf("== Description")))
                            .contains(option.names()[0] + "*=_" + option.paramLabel() + "_");
                }
            });
        }
        command.getSubcommands().forEach((name, sub) -> assertPagesHaveAllOptions(sub, page + "-" + name));
    }
}

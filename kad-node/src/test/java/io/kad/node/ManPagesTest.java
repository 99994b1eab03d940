package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages of the program to {@code target/man-pages}; the profile {@code man} turns them into pages for {@code man}. */
class ManPagesTest {

    private static final Path PAGES = Path.of("target", "man-pages");

    @Test
    void eachCommandHasAPageWithItsOptionsAndExamples() throws IOException {
        CommandLine program = Main.commandLine();
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
        assertThat(PAGES.resolve("kad-put.adoc")).content().contains("--quorum", "kad put /app/greeting hello");
    }
}

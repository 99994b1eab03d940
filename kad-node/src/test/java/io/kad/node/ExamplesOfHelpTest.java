package io.kad.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.node.help.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Help of the program: {@code kad help}, the examples, and completion in a shell. */
@ProgramRun.InTests
class ExamplesOfHelpTest {

    private static final String ADDRESS =
            "/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWEytPNNKYcT5j2nTYarjCaCiT6rHmx3fmHANRiBdGTkm9";

    static Set<String> commands() {
        return Main.commandLine().getSubcommands().keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpOfACommandHasExamplesThatAreValidCommandLines(String command) {
        List<String> examples = Examples.of(command);
        List<String> help = ProgramRun.of("help", command).out();

        assertThat(examples).isNotEmpty().allSatisfy(example -> {
            assertThat(example).startsWith("kad " + command);
            assertThat(help).contains("  " + example);
            String[] words =
                    example.replaceAll(" > .*", "").replace("$PEER", ADDRESS).split(" ", -1);
            assertThatCode(() -> Main.commandLine().parseArgs(Arrays.copyOfRange(words, 1, words.length)))
                    .doesNotThrowAnyException();
        });
    }

    @Test
    void theRunOfTheExamplesIsOneOfItsScenario() throws IOException {
        String scenario = Files.readString(Path.of("..", "scenarios", "healthy.yaml"));
        assertThat(Examples.of("sim")).anySatisfy(example -> {
            String[] words = example.split(" ", -1);
            String run = words[Arrays.asList(words).indexOf("--run") + 1];
            assertThat(example).contains("--run ", "scenarios/healthy.yaml");
            assertThat(scenario).contains("- name: " + run + "\n");
        });
    }

    @Test
    void helpOfTheProgramListsTheCommandsAndAnUnknownOneIsRefusedWithTheNearest() {
        ProgramRun help = ProgramRun.of("help");
        assertThat(help.code()).isZero();
        assertThat(String.join("\n", help.out())).contains(commands());

        ProgramRun mistyped = ProgramRun.of("help", "nod");
        assertThat(mistyped.code()).isEqualTo(2);
        assertThat(mistyped.err()).singleElement().asString().contains("unknown command 'nod'", "'node'");
    }

    @Test
    void anUnknownShellIsRefused() {
        ProgramRun run = ProgramRun.of("completion", "fish");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).singleElement().asString().contains("unknown shell 'fish'", "bash, zsh");
    }

    @Test
    void bashCompletesCommandsAndOptions(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
        ProgramRun run = ProgramRun.of("completion", "bash");
        assertThat(run.code()).isZero();
        Path script = Files.write(directory.resolve("kad.bash"), run.out());

        assertThat(completed(script, "find-")).containsExactlyInAnyOrder("find-providers", "find-peer");
        assertThat(completed(script, "get", "--quo")).containsExactly("--quorum");
    }

    /** Returns the words that bash offers for the last one of {@code words}. */
    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String line = "kad " + String.join(" ", words);
        Process bash = new ProcessBuilder(
                        "/bin/bash",
                        "-c",
                        "source \"$0\"; COMP_LINE=\"$1\"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($1);"
                                + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_kad; printf '%s\\n' \"${COMPREPLY[@]}\"",
                        script.toString(),
                        line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> offered =
                new String(bash.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return offered;
    }
}

package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.node.task.TaskCommands;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Descriptions of commands, options and arguments. */
@ProgramRun.InTests
class HelpTest {

    private static final List<String> SESSION = List.of(
            "connect",
            "disconnect",
            "connections",
            "routing-table",
            "bootstrap",
            "add-address",
            "remove-address",
            "remove-peer",
            "mode",
            "remove",
            "stop-providing",
            "info");

    static Stream<CommandSpec> commands() {
        return Stream.concat(
                Main.commandLine().getSubcommands().values().stream().map(command -> command.getCommandSpec()),
                SESSION.stream()
                        .map(name -> TaskCommands.commandLine(name, TaskCommands.ofSession(name), () -> 0)
                                .getCommandSpec()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | | Print the peer ID of a key file; creates the file if it does not exist.",
                "id | --key | Private key file; created if missing.",
                "id | --type | Type of the key: ed25519, secp256k1, ecdsa or rsa. Default: that of the file; for a new file, ed25519.",
                "identify | | Run identify against a peer and print the result.",
                "provide | | Announce this peer as a provider of KEY.",
                "get | --quorum | Quorum: number of records to find (one, majority, all, or N). Default: one.",
                "get | --timeout | Timeout for the whole command, such as 30s.",
                "get | --json | Print one JSON object per line.",
                "node | --stdin | Read commands from standard input, one per line.",
                "node | --mode | Set the mode: server, client or auto. Default: server.",
                "mode | | Set the mode: server, client or auto.",
                "stop-providing | | Stop providing KEY.",
                "info | | Show the peer ID, addresses, mode and store sizes.",
                "sim | --seed | Override the seed of the scenario; with --chaos, the first seed."
                        + " Default: the seed of the scenario; with --chaos, 1.",
                "node | --config | File with CLI and DHT options, one name=value a line; command-line options take precedence."
                        + " Default: none.",
                "node | --data | Data directory for identity, records, providers and known peers."
                        + " Default: none (in memory)."
            })
    void aDescriptionSaysWhatTheCommandDoesOrWhatTheValueIs(String command, String option, String description) {
        CommandSpec spec = commands()
                .filter(candidate -> candidate.name().equals(command))
                .findFirst()
                .orElseThrow();
        String[] text = option == null
                ? spec.usageMessage().description()
                : spec.findOption(option).description();
        assertThat(String.join(" ", text)).isEqualTo(description);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "node", "id", "sim", "config", "completion", "help"})
    void eachCommandHasTheVersionOfTheProgram(String command) {
        List<String> version = ProgramRun.of("--version").out();
        assertThat(version).singleElement().asString().startsWith("kad ");
        assertThat(ProgramRun.of(command, "--version").out()).isEqualTo(version);
        assertThat(ProgramRun.of(command, "-V").out()).isEqualTo(version);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandOptionAndArgumentHasOneDescriptionThatEndsWithAFullStop(CommandSpec command) {
        assertThat(command.usageMessage().description())
                .singleElement()
                .asString()
                .endsWith(".");
        for (ArgSpec argument : command.args()) {
            assertThat(Arrays.asList(argument.description()))
                    .as(command.name() + " " + argument.paramLabel())
                    .singleElement()
                    .asString()
                    .matches("[A-Z].*\\.");
        }
    }
}

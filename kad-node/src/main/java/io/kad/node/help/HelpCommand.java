package io.kad.node.help;

import io.kad.api.text.UnknownName;
import io.kad.node.option.UsageException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Command that shows the help of the program, or of one of its commands. */
@Command(description = "Show the help of the program, or of a command.")
public final class HelpCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "Name of the command. Default: the program.")
    private @Nullable String command;

    /** Made by the command line. */
    public HelpCommand() {}

    @Override
    public Integer call() {
        CommandLine program = spec.parent().commandLine();
        String name = command;
        CommandLine shown = name == null ? program : subcommand(program, name);
        shown.usage(program.getOut());
        return 0;
    }

    private static CommandLine subcommand(CommandLine program, String name) {
        return Optional.ofNullable(program.getSubcommands().get(name))
                .orElseThrow(() -> new UsageException(UnknownName.message(
                        "command", name, program.getSubcommands().keySet())));
    }
}

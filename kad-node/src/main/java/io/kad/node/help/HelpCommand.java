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
@Command(name = "help", description = "Show the help of the program, or of a command.")
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
        CommandLine shown = command == null
                ? program
                : Optional.ofNullable(program.getSubcommands().get(command))
                        .orElseThrow(() -> new UsageException(UnknownName.message(
                                "command", command, program.getSubcommands().keySet())));
        shown.usage(program.getOut());
        return 0;
    }
}

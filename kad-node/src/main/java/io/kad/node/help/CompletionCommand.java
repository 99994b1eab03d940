package io.kad.node.help;

import io.kad.node.option.UsageException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Command that prints a script by which a shell completes commands and options. */
@Command(description = "Print the script for completion in a shell.")
public final class CompletionCommand implements Callable<Integer> {

    private static final List<String> SHELLS = List.of("bash", "zsh");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "The shell: bash or zsh.")
    private String shell = "";

    /** Made by the command line. */
    public CompletionCommand() {}

    @Override
    public Integer call() {
        if (!SHELLS.contains(shell)) {
            throw UsageException.unknown("shell", shell, "completion", SHELLS);
        }
        // One script for both: it switches zsh to the completion of bash
        var program = spec.parent().commandLine();
        program.getOut().print(AutoComplete.bash(program.getCommandName(), program));
        program.getOut().flush();
        return 0;
    }
}

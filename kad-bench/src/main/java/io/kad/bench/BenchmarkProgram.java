package io.kad.bench;

import io.kad.bench.cli.CommandException;
import io.kad.bench.compare.CompareCommand;
import io.kad.bench.http.HttpLoadCommand;
import io.kad.bench.load.LoadCommand;
import io.kad.bench.load.ServerCommand;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Program of {@code benchmarks.jar}: the commands that need a network, and, for any other command line, JMH. */
@Command(
        name = "benchmarks",
        mixinStandardHelpOptions = true,
        description =
                "Measure servers of the Kademlia protocol, and the HTTP of a node. A command line without one of these commands is one of JMH, such as -l or -h.",
        footer = "Each command has --help.")
public final class BenchmarkProgram implements Runnable {

    private static final Set<String> HELP = Set.of("--help", "--version");

    private BenchmarkProgram() {}

    /**
     * Runs one command.
     *
     * @param args the command line
     * @throws IOException if JMH fails
     */
    public static void main(String[] args) throws IOException {
        CommandLine program = commandLine();
        if (args.length == 0 || program.getSubcommands().containsKey(args[0]) || HELP.contains(args[0])) {
            System.exit(program.execute(args));
        }
        org.openjdk.jmh.Main.main(args);
    }

    /** Returns the command line of the program. */
    public static CommandLine commandLine() {
        CommandLine program = new CommandLine(new BenchmarkProgram());
        program.addSubcommand(new LoadCommand());
        program.addSubcommand(new ServerCommand());
        program.addSubcommand(new HttpLoadCommand());
        program.addSubcommand(new CompareCommand());
        program.setCaseInsensitiveEnumValuesAllowed(true);
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (!(failure instanceof CommandException)) {
                throw failure;
            }
            command.getErr().println(failure.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
        return program;
    }

    @Override
    public void run() {
        throw new ParameterException(
                commandLine(), "missing command: expected load, server, http or compare, or a command line of JMH");
    }
}

package io.kad.node;

import io.kad.node.daemon.NodeCommand;
import io.kad.node.demo.DemoCommand;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.Mixins;
import io.kad.node.option.PeerOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.node.sim.SimCommand;
import io.kad.node.task.OneShotTasks;
import io.kad.node.task.Task;
import java.util.Arrays;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The kad program: reads the command line and runs what it names. */
@Command(name = "kad", mixinStandardHelpOptions = true, description = "A peer of libp2p's Kademlia DHT.")
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** Returns the command line of the program. */
    static CommandLine commandLine() {
        CommandLine kad = new CommandLine(new Main());
        kad.getCommandSpec().version("kad " + version());
        kad.addSubcommand(new DemoCommand());
        kad.addSubcommand(new NodeCommand());
        OneShotTasks.all().forEach(task -> kad.addSubcommand(oneShot(task)));
        kad.addSubcommand(new IdCommand());
        kad.addSubcommand(new SimCommand());
        kad.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        kad.setExpandAtFiles(false); // @FILE is a value here, not a file of arguments
        kad.setExecutionStrategy(Main::execute);
        kad.setParameterExceptionHandler(Main::refuse);
        kad.setExecutionExceptionHandler(Main::fail);
        return kad;
    }

    private static CommandLine oneShot(Task task) {
        CommandLine command = new CommandLine(task);
        command.getCommandSpec().addMixin("global", CommandSpec.forAnnotatedObject(new GlobalOptions()));
        command.getCommandSpec().addMixin("peer", CommandSpec.forAnnotatedObject(new PeerOptions()));
        return command;
    }

    /** Runs a task with a peer of its own, and any other command as it says. */
    private static int execute(ParseResult parsed) {
        ParseResult command = parsed.subcommand();
        if (command == null
                || command.isUsageHelpRequested()
                || !(command.commandSpec().userObject() instanceof Task task)) {
            return new CommandLine.RunLast().execute(parsed);
        }
        try {
            return OneShot.run(
                    task,
                    Mixins.of(command, "peer", PeerOptions.class),
                    Mixins.of(command, "global", GlobalOptions.class));
        } catch (UsageException wrong) {
            return answerBadInput(
                    command.commandSpec().commandLine(), String.valueOf(wrong.getMessage()), isJson(parsed));
        }
    }

    private static boolean isJson(ParseResult parsed) {
        return parsed.originalArgs().contains("--json");
    }

    private static int refuse(ParameterException wrong, String[] args) {
        return answerBadInput(
                wrong.getCommandLine(),
                String.valueOf(wrong.getMessage()),
                Arrays.asList(args).contains("--json"));
    }

    private static int fail(Exception failure, CommandLine command, ParseResult parsed) {
        boolean debug = parsed.originalArgs().contains("--debug");
        if (debug) {
            failure.printStackTrace(command.getErr());
        }
        if (failure instanceof UsageException) {
            return answerBadInput(command, String.valueOf(failure.getMessage()), isJson(parsed));
        }
        String message = failure + (debug ? "" : " (--debug shows more)");
        answer(command, ErrorCode.INTERNAL, message, isJson(parsed));
        return ErrorCode.INTERNAL.exitCode();
    }

    private static int answerBadInput(CommandLine command, String message, boolean json) {
        answer(command, ErrorCode.BAD_INPUT, message.lines().findFirst().orElse("bad input"), json);
        return ErrorCode.BAD_INPUT.exitCode();
    }

    private static void answer(CommandLine command, ErrorCode code, String message, boolean json) {
        if (json) {
            new Output(System.out, true).write(OutputLine.error(code, message));
        } else {
            command.getErr().println("kad: " + message);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command; kad --help lists them");
    }

    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "from its sources");
    }
}

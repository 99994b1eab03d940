package io.kad.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.help.Examples;
import io.kad.node.option.ParameterProblem;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The kad program: parses the command line and runs the command. */
@Command(name = "kad", mixinStandardHelpOptions = true, description = "Run and query peers of a libp2p Kademlia DHT.")
public final class Main implements Runnable {

    private Main() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        StandardStreams streams = StandardStreams.open();
        CommandLine program = commandLine(args);
        program.setExecutionStrategy(parsed -> runInTime(parsed, streams));
        System.exit(streams.exitCode(run(program, args)));
    }

    private static int runInTime(ParseResult parsed, StandardStreams streams) {
        Optional<CommandLimit> limit = CommandLimit.start(parsed, streams);
        try {
            return new RunLast().execute(parsed);
        } finally {
            limit.ifPresent(CommandLimit::close);
        }
    }

    /** Runs one command, and returns its exit code; whatever it throws is one line. */
    static int run(CommandLine program, String... args) {
        try {
            return program.execute(Utf8Arguments.of(args));
        } catch (UsageException refused) {
            return printRefusal(
                    OutputLine.badInput(String.valueOf(refused.getMessage())), ErrorCode.BAD_INPUT, List.of(args));
        } catch (Throwable fault) {
            // An error that is no exception, such as too little memory
            if (List.of(args).contains("--debug")) {
                fault.printStackTrace();
            }
            return printRefusal(OutputLine.fault(fault), ErrorCode.INTERNAL, List.of(args));
        }
    }

    /**
     * Returns the command line of the program.
     *
     * @param words what it will parse; without words it has all commands
     */
    static CommandLine commandLine(String... words) {
        CommandLine kad = new CommandLine(new Main());
        kad.getCommandSpec().version("kad " + version());
        ProgramCommands.addTo(kad, List.of(words));
        Examples.addTo(kad);
        kad.setOut(new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true));
        kad.setErr(new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
        kad.setExpandAtFiles(false); // @FILE is a value here, not a file of arguments
        kad.setParameterExceptionHandler(Main::refuse);
        kad.setExecutionExceptionHandler(Main::fail);
        return kad;
    }

    private static int refuse(ParameterException refused, String[] args) {
        List<String> words = List.of(args);
        return printRefusal(OutputLine.badInput(ParameterProblem.text(refused, words)), ErrorCode.BAD_INPUT, words);
    }

    private static int fail(Exception failure, CommandLine command, ParseResult parsed) {
        List<String> words = parsed.originalArgs();
        if (words.contains("--debug")) {
            failure.printStackTrace(command.getErr());
        }
        return failure instanceof UsageException
                ? printRefusal(OutputLine.badInput(String.valueOf(failure.getMessage())), ErrorCode.BAD_INPUT, words)
                : printRefusal(OutputLine.fault(failure), ErrorCode.INTERNAL, words);
    }

    private static int printRefusal(ObjectNode refusal, ErrorCode code, List<String> words) {
        Output.standard(words.contains("--json")).write(refusal);
        return code.exitCode();
    }

    @Override
    public void run() {
        throw new UsageException("missing command; run 'kad --help' for the list");
    }

    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "(development build)");
    }
}

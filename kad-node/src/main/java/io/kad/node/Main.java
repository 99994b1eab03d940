package io.kad.node;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
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
        CommandLine kad = new CommandLine(new Main());
        kad.getCommandSpec().version("kad " + version());
        System.exit(kad.execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command");
    }

    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "from its sources");
    }
}

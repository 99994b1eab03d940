package io.kad.node;

import io.kad.node.daemon.NodeCommand;
import io.kad.node.demo.DemoCommand;
import io.kad.node.help.CompletionCommand;
import io.kad.node.help.HelpCommand;
import io.kad.node.sim.SimCommand;
import io.kad.node.task.TaskCommands;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Table of the commands of the program. A command line has those that it needs, as making all of them takes longer than a short command. */
final class ProgramCommands {

    /** Commands that describe the others. */
    private static final Set<String> DESCRIBING = Set.of("help", "completion");

    /** In the order of the help. */
    private static final Map<String, Supplier<CommandLine>> BY_NAME = new LinkedHashMap<>();

    static {
        add("demo", DemoCommand::new);
        add("node", NodeCommand::new);
        TaskCommands.oneShot().forEach(name -> BY_NAME.put(name, () -> OneShot.commandLine(name)));
        add("id", IdCommand::new);
        add("sim", SimCommand::new);
        add("config", ConfigCommand::new);
        add("completion", CompletionCommand::new);
        add("help", HelpCommand::new);
    }

    private ProgramCommands() {}

    private static void add(String name, Supplier<Object> command) {
        BY_NAME.put(name, () -> new CommandLine(command.get()));
    }

    /**
     * Adds the commands that {@code words} need: the one that they name, or all if they name none, or one that describes the others.
     *
     * @param words the words of the command line
     */
    static void addTo(CommandLine program, List<String> words) {
        String first = words.isEmpty() ? "" : words.get(0);
        boolean isOneEnough = BY_NAME.containsKey(first) && !DESCRIBING.contains(first);
        BY_NAME.forEach((name, supplier) -> {
            if (!isOneEnough || name.equals(first)) {
                CommandLine command = supplier.get();
                command.getCommandSpec()
                        .mixinStandardHelpOptions(true)
                        .version(program.getCommandSpec().version());
                program.addSubcommand(name, command);
            }
        });
    }
}

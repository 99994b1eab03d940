package io.kad.node;

import io.kad.node.daemon.HttpSettings;
import io.kad.node.option.EffectiveOption;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.NodeOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that prints the options which a node would have. */
@Command(description = "Show the options that a node would have, and check them.")
final class ConfigCommand implements Callable<Integer> {

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Mixin
    private NodeOptions options = new NodeOptions();

    @Option(names = "--print", description = "Print each option, its value, and where the value comes from.")
    private boolean print;

    @Override
    public Integer call() {
        if (!print) {
            throw new UsageException(
                    "missing --print: it shows each option, its value, and where the value comes from");
        }
        Output output = Output.standard(global.json());
        List<EffectiveOption> all = options.effective();
        var unused = HttpSettings.of(options); // checks them
        for (EffectiveOption option : all) {
            output.write(
                    OutputLine.line("option")
                            .put("name", option.name())
                            .put("value", option.value())
                            .put("source", option.source()),
                    String.format(
                            Locale.ROOT, "%-36s %-28s %s", option.name(), shown(option.value()), option.source()));
        }
        output.write(OutputLine.done("config").put("options", all.size()), all.size() + " options");
        return 0;
    }

    private static String shown(String value) {
        return value.isEmpty() ? "-" : value;
    }
}

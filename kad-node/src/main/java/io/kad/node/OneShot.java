package io.kad.node;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.id.Bytes;
import io.kad.api.spi.metrics.Metrics;
import io.kad.node.api.CommandPath;
import io.kad.node.option.ApiOptions;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.PeerOptions;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.node.remote.RemoteCall;
import io.kad.node.remote.RemoteNode;
import io.kad.node.task.Deadline;
import io.kad.node.task.DiagnoseTask;
import io.kad.node.task.Task;
import io.kad.node.task.TaskCommands;
import io.kad.node.task.TaskContext;
import io.kad.node.task.TaskFailure;
import io.kad.node.task.ValueReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Command that runs one task: with a new peer, a client that joins, carries the task out and leaves, or in another node. */
final class OneShot implements Callable<Integer> {

    /** What the failure of a put says about the record in the store of the peer. */
    private static final Pattern LOCAL_COPY =
            Pattern.compile("; the local copy stays(, and is not republished| and will be republished)");

    private final Task task;
    private final PeerOptions peer = new PeerOptions();
    private final ApiOptions api = new ApiOptions();
    private final GlobalOptions global = new GlobalOptions();
    private @Nullable CommandLine line;

    private OneShot(Task task) {
        this.task = task;
    }

    /** Returns the command line of the task called {@code name}. */
    static CommandLine commandLine(String name) {
        Task task = TaskCommands.ofSession(name);
        OneShot command = new OneShot(task);
        CommandLine line = TaskCommands.commandLine(name, task, command, command.peer, command.api, command.global);
        command.line = line;
        return line;
    }

    @Override
    public Integer call() {
        disableRecording();
        Output output = Output.standard(global.json());
        Deadline deadline = Deadline.after(global.timeout(Deadline.DEFAULT));
        ParseResult parsed = requireNonNull(line, "line").getParseResult();
        Optional<String> node = api.address(given(parsed, PeerOptions.class.getSimpleName()).stream()
                .map(OptionSpec::longestName)
                .toList());
        if (node.isPresent()) {
            return runIn(RemoteNode.at(node.get(), api), parsed, deadline, output);
        }
        Optional<TlsLibrary> library = peer.offersTls() ? Optional.of(TlsLibrary.load()) : Optional.empty();
        try {
            return task instanceof DiagnoseTask ? diagnose(deadline, output) : runAlone(deadline, output);
        } finally {
            library.ifPresent(TlsLibrary::close);
        }
    }

    /** Spares the process the classes of Flight Recorder, in which Netty would record its buffers: they take a tenth of the time of a command. */
    private static void disableRecording() {
        System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
    }

    private int diagnose(Deadline deadline, Output output) {
        peer.missingKey()
                .ifPresent(file -> output.warn("the file " + file + " of --key does not exist; a node would make it"));
        peer.keyWarning().ifPresent(output::warn);
        try (ExaminedPeer examined = ExaminedPeer.open(peer)) {
            return new TaskContext(
                            examined.kad(), output::write, Optional.empty(), deadline, Runnable::run, examined.setup())
                    .runToEnd(task);
        }
    }

    private int runAlone(Deadline deadline, Output output) {
        var peers = peer.bootstrap();
        peer.keyWarning().ifPresent(output::warn);
        try (Kademlia kad = OpenPeer.open(peer, "client", List.of(), Metrics.NONE)) {
            TaskContext context = new TaskContext(
                    kad, line -> output.write(ofThisRun(line)), Optional.of(System.in), deadline, Runnable::run);
            return context.runToEnd(joined -> {
                task.check(joined);
                OpenPeer.join(kad, peers, deadline);
                return task.start(joined);
            });
        }
    }

    /** Returns a line without what a peer in memory, which ends with the command, does not do afterwards. */
    private ObjectNode ofThisRun(ObjectNode line) {
        return OutputLine.isError(line) && peer.data().isEmpty()
                ? line.put(
                        "message",
                        LOCAL_COPY.matcher(line.path("message").asText()).replaceFirst(""))
                : line;
    }

    private static int runIn(RemoteNode node, ParseResult parsed, Deadline deadline, Output output) {
        try {
            return node.run(call(parsed, deadline), deadline, output::write);
        } catch (TaskFailure failure) {
            output.write(failure.line());
            return failure.code().exitCode();
        }
    }

    /** Returns the words of the command line as a call. */
    private static RemoteCall call(ParseResult parsed, Deadline deadline) throws TaskFailure {
        CommandPath path = CommandPath.of(parsed.commandSpec().name());
        List<String> arguments = new ArrayList<>();
        parsed.matchedPositionals().forEach(argument -> arguments.addAll(argument.originalStringValues()));
        Bytes value = path.next() == CommandPath.Argument.VALUE
                ? deadline.await(ValueReading.start(arguments.remove(arguments.size() - 1), Optional.of(System.in)))
                : Bytes.EMPTY;
        Map<String, String> options = new LinkedHashMap<>();
        for (OptionSpec option : given(parsed, TaskCommands.TASK)) {
            options.put(option.longestName().substring(2), text(option));
        }
        Optional.ofNullable(parsed.matchedOption("--timeout"))
                .ifPresent(timeout -> options.put("timeout", text(timeout)));
        return new RemoteCall(path, arguments, options, value);
    }

    private static String text(OptionSpec option) {
        return option.typeInfo().isBoolean()
                ? String.valueOf(option.<Object>getValue())
                : option.originalStringValues().get(0);
    }

    /** Returns the options of the command line that belong to the mixin of that name. */
    private static List<OptionSpec> given(ParseResult parsed, String mixin) {
        List<OptionSpec> ofMixin =
                requireNonNull(parsed.commandSpec().mixins().get(mixin), mixin).options();
        return parsed.matchedOptions().stream().filter(ofMixin::contains).toList();
    }
}

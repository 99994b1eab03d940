package io.kad.bench.load;

import io.kad.api.Security;
import io.kad.api.message.PeerInfo;
import io.kad.bench.cli.CommandException;
import io.kad.bench.measure.ServerUsage;
import io.kad.bench.measure.Times;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code load}: one measured run against a server. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Send requests to a server of the Kademlia protocol, and print the metrics: one JSON line on standard output, and one line for people on standard error.",
            "Without --rate, in a closed loop: each response sends the next request. With --rate, in an open loop, whose latencies count from the time at which a request was to be sent."
        })
public final class LoadCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "ADDRESS",
            description =
                    "Server, such as /ip4/127.0.0.1/tcp/4001/p2p/PEERID or /ip4/127.0.0.1/udp/4001/quic-v1/p2p/PEERID.")
    private String server = "";

    @Option(names = "--protocol", description = "ID of the Kademlia protocol (default: ${DEFAULT-VALUE}).")
    private String protocol = "/kad/1.0.0";

    @Option(
            names = "--request",
            description =
                    "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). GET_VALUE and GET_PROVIDERS need --fill, once.")
    private RequestKind request = RequestKind.FIND_NODE;

    @Option(names = "--security", description = "Over TCP: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Security security = Security.NOISE;

    @Option(names = "--fresh", description = "A new stream for each request, instead of streams that are kept.")
    private boolean fresh;

    @Option(
            names = "--connections",
            description = "Connections, each with another identity, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int connections = 1;

    @Option(
            names = "--in-flight",
            description =
                    "Requests in flight of a closed loop, over all connections, at most 32 for each (default: ${DEFAULT-VALUE}).")
    private int inFlight = 32;

    @Option(names = "--rate", description = "Requests a second of an open loop.")
    private @Nullable Double rate;

    @Option(
            names = "--max-pending",
            description =
                    "Requests of an open loop that may be without an end; further ones are errors, NOT_SENT (default: ${DEFAULT-VALUE}).")
    private int maxPending = 10_000;

    @Option(names = "--fill", description = "First store the records and the providers, over the wire.")
    private boolean fill;

    @Option(
            names = "--pid",
            description =
                    "Process of the server: adds its CPU time a request and its memory, and for a Java process the bytes allocated a request.")
    private @Nullable Long pid;

    @Mixin
    private LoadOptions load = new LoadOptions();

    /** Creates the command. */
    public LoadCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Times times = load.times();
        LoadPlan plan = new LoadPlan(
                address(),
                protocol,
                security,
                fresh,
                connections,
                request,
                inFlight,
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                maxPending,
                times,
                times.timeout(),
                load.data());
        try (ServerUsage usage = pid == null ? null : new ServerUsage(pid);
                LoadSession session = new LoadSession(plan)) {
            if (fill) {
                session.fill();
            }
            LoadResult result = session.measure(Optional.ofNullable(usage));
            System.out.println(result.json());
            System.err.println(result.text());
            return result.metrics().succeeded() > 0 ? 0 : 1;
        }
    }

    private PeerInfo address() {
        try {
            return PeerInfo.parse(server);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
    }
}

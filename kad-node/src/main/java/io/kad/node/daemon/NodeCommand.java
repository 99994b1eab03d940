package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.message.PeerInfo;
import io.kad.node.OpenPeer;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.NodeOptions;
import io.kad.node.option.PeerOptions;
import io.kad.node.output.LogConfiguration;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that runs a peer until it is stopped. */
@Command(description = "Run a peer until it is stopped.")
public final class NodeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Mixin
    private NodeOptions options = new NodeOptions();

    @Option(names = "--stdin", description = "Read commands from standard input, one per line.")
    private boolean stdin;

    @Override
    public Integer call() throws InterruptedException {
        Output output = Output.standard(global.json());
        PeerOptions ofPeer = options.peer();
        List<PeerInfo> bootstrap = ofPeer.bootstrap();
        NodeSetup setup = NodeSetup.ofRunning(bootstrap, ofPeer.data());
        NodeHttp http = NodeHttp.of(options);
        LogConfiguration.showTransport();
        ofPeer.keyWarning().ifPresent(output::warn);
        Kademlia kad = OpenPeer.open(ofPeer, options.mode(), ofPeer.listenByDefault(), http.metrics());
        ObjectNode stopped = OutputLine.done("stopped");
        global.started();
        try (Stop stop = Stop.onSignal()) {
            try (kad;
                    http) {
                http.start(kad, setup, !bootstrap.isEmpty());
                ofPeer.data()
                        .ifPresentOrElse(
                                directory -> LOG.info("using data directory {}", directory),
                                () -> LOG.warn("running in memory: records, providers and known peers are lost at exit;"
                                        + " use --data DIR to keep them"));
                EventPrinter.follow(kad, output);
                output.write(listening(kad));
                http.line().ifPresent(output::write);
                join(kad, bootstrap);
                Optional<StdinSession> session = stdin
                        ? Optional.of(StdinSession.start(kad, setup, output, standardInput(), stop::request))
                        : Optional.empty();
                stop.await(global.timeout());
                stopped = session.isPresent() ? session.get().end() : stopped;
                kad.close(); // its last events come before the last line
            }
            output.write(stopped);
        }
        return 0;
    }

    /** Returns standard input without the buffer of {@code System.in}, which is locked while a thread waits for a line. */
    private static InputStream standardInput() {
        return System.in instanceof BufferedInputStream ? new FileInputStream(FileDescriptor.in) : System.in;
    }

    private ObjectNode listening(Kademlia kad) {
        var line = OutputLine.line("listening").put("peerId", kad.peerId().toString());
        return OutputLine.addresses(line, kad.peerId(), kad.addresses());
    }

    /** Joins through the bootstrap peers and those of the last run, in the background, as they may be slow or come late. */
    private static void join(Kademlia kad, List<PeerInfo> bootstrap) {
        bootstrap.stream()
                .filter(peer -> peer.id().equals(kad.peerId()))
                .forEach(peer -> LOG.warn(
                        "cannot join through bootstrap peer {}: it is this node itself, or one with the same key",
                        peer.id()));
        kad.addBootstrapPeers(bootstrap);
        if (!bootstrap.isEmpty() || !kad.routingTable().entries().isEmpty()) {
            kad.bootstrap();
        }
    }
}

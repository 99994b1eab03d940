package io.kad.node.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.message.PeerInfo;
import io.kad.node.OpenPeer;
import io.kad.node.option.GlobalOptions;
import io.kad.node.option.PeerOptions;
import io.kad.node.output.Output;
import io.kad.node.output.OutputLine;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command that runs a peer until it is stopped. */
@Command(name = "node", description = "Run a peer until it is stopped.")
public final class NodeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(NodeCommand.class);
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

    @Mixin
    private GlobalOptions global = new GlobalOptions();

    @Mixin
    private PeerOptions options = new PeerOptions();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "",
            description = "Set the mode: server, client or auto. Default: server.")
    private String mode = "";

    @Option(names = "--stdin", description = "Read commands from standard input, one per line.")
    private boolean stdin;

    @Override
    public Integer call() throws InterruptedException {
        Output output = Output.standard(global.json());
        List<PeerInfo> bootstrap = options.bootstrap();
        CountDownLatch stop = new CountDownLatch(1);
        ObjectNode stopped = OutputLine.done("stopped");
        Kademlia kad = OpenPeer.open(options, mode, List.of("/ip4/0.0.0.0/tcp/4001"));
        try (kad) {
            options.data()
                    .ifPresentOrElse(
                            directory -> LOG.info("using data directory {}", directory),
                            () -> LOG.warn("running in memory: records, providers and known peers are lost at exit;"
                                    + " use --data DIR to keep them"));
            EventPrinter.follow(kad, output);
            output.write(listening(kad));
            Thread stopper = new Thread(() -> stopOrderly(stop, kad), "kad-stop");
            Runtime.getRuntime().addShutdownHook(stopper);
            try {
                join(kad, bootstrap);
                if (stdin) {
                    stopped = new StdinSession(kad, output, System.in).run();
                } else {
                    stop.await();
                }
            } finally {
                removeHook(stopper);
            }
        }
        output.write(stopped);
        return 0;
    }

    private ObjectNode listening(Kademlia kad) {
        var line = OutputLine.line("listening").put("peerId", kad.peerId().toString());
        return OutputLine.addresses(line, kad.peerId(), kad.addresses());
    }

    /** Joins in the background, as a bootstrap peer may be slow to fail; without one, through the peers of the last run. */
    private void join(Kademlia kad, List<PeerInfo> bootstrap) {
        if (bootstrap.isEmpty()) {
            if (!kad.routingTable().entries().isEmpty()) {
                kad.bootstrap();
            }
            return;
        }
        Thread joining = new Thread(
                () -> {
                    try {
                        OpenPeer.join(kad, bootstrap, Deadline.after(JOIN_TIMEOUT))
                                .forEach(failure -> LOG.warn("failed to reach a bootstrap peer: {}", failure));
                        kad.bootstrap();
                    } catch (TaskFailure failure) {
                        LOG.warn("failed to join through any bootstrap peer: {}", failure.getMessage());
                    }
                },
                "kad-join");
        joining.setDaemon(true);
        joining.start();
    }

    private static void stopOrderly(CountDownLatch stop, Kademlia kad) {
        stop.countDown();
        kad.close();
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            LOG.debug("shutdown has already begun");
        }
    }
}

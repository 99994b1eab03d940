package io.kad.bench.load;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.bench.cli.CommandException;
import io.kad.transport.netty.NettyTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code server}: a kad node to measure, in a process of its own. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a kad node to measure, with a routing table of peers that do not exist. It prints one JSON line with its addresses and its process ID, and runs until it is killed.",
            "Its limits of requests and entries a minute are raised, and it sends no requests. Its stores are empty: load --fill fills them."
        })
public final class ServerCommand implements Callable<Integer> {

    private static final Pattern ADD_ADDRESS = Pattern.compile("(?:#\\S+ )?add-address (\\S+) (\\S+)");

    @Option(names = "--protocol", description = "ID of the Kademlia protocol (default: ${DEFAULT-VALUE}).")
    private String protocol = "/kad/1.0.0";

    @Option(
            names = "--listen",
            description = "Address to listen on (repeatable; default: 127.0.0.1, a free port each for TCP and QUIC).")
    private List<String> listen = new ArrayList<>();

    @Option(names = "--table", description = "Peers of the routing table, 0 to 270 (default: ${DEFAULT-VALUE}).")
    private int table = FabricatedPeers.MAX_IN_JS;

    @Option(
            names = "--seed",
            description = "Chooses the identity and the peers of the table (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--option", paramLabel = "NAME=VALUE", description = "Option of KademliaConfig (repeatable).")
    private Map<String, String> options = new LinkedHashMap<>();

    @Option(
            names = "--commands",
            description = "Read add-address PEERID MULTIADDR from standard input, a line each, and end with it.")
    private boolean commands;

    /** Creates the command. */
    public ServerCommand() {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        try (BenchServer server = new BenchServer(protocol, seed, options)) {
            server.fillTable(table, seed);
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            line.put("event", "listening");
            line.put("peerId", server.peer().peerId().toString());
            ArrayNode addresses = line.putArray("addresses");
            for (String address : addresses()) {
                server.listen(Multiaddr.parse(address)).join().forEach(bound -> addresses.add(bound.toString()));
            }
            line.put("tableSize", server.peer().routingTable().entries().size());
            line.put("pid", ProcessHandle.current().pid());
            System.out.println(line);
            awaitEnd(server);
            return 0;
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        } catch (CompletionException e) {
            throw new CommandException("cannot listen: " + e.getCause());
        }
    }

    private List<String> addresses() {
        if (!listen.isEmpty()) {
            return listen;
        }
        List<String> addresses = new ArrayList<>(List.of("/ip4/127.0.0.1/tcp/0"));
        if (NettyTransport.hasQuic()) {
            addresses.add("/ip4/127.0.0.1/udp/0/quic-v1");
        }
        return addresses;
    }

    private void awaitEnd(BenchServer server) throws InterruptedException, IOException {
        if (!commands) {
            new CountDownLatch(1).await();
        }
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(response(server, line));
        }
    }

    private static ObjectNode response(BenchServer server, String line) {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        Matcher matcher = ADD_ADDRESS.matcher(line);
        if (!matcher.matches()) {
            return response.put("event", "error")
                    .put("ok", false)
                    .put("message", "expected add-address PEERID MULTIADDR");
        }
        server.peer()
                .addAddress(PeerId.parse(matcher.group(1)), Multiaddr.parse(matcher.group(2)))
                .join();
        return response.put("event", "routing-updated").put("ok", true);
    }
}

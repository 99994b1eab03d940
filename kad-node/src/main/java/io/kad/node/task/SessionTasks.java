package io.kad.node.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingUpdate;
import io.kad.api.StoreSizes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.result.BootstrapResult;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.PeerOptions;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The tasks that only a running peer can be asked. */
public final class SessionTasks {

    private SessionTasks() {}

    /** Returns a new object of each, which a command line fills in. */
    public static List<Task> all() {
        return List.of(
                new Connect(),
                new Disconnect(),
                new Connections(),
                new RoutingTable(),
                new Bootstrap(),
                new AddAddress(),
                new RemoveAddress(),
                new RemovePeer(),
                new SetMode(),
                new Remove(),
                new StopProviding(),
                new Info());
    }

    @Command(name = "connect", description = "Connect to a peer.")
    static final class Connect implements Task {

        @Parameters(index = "0", paramLabel = "MULTIADDR", description = "The peer's address, ending in /p2p/PEERID.")
        private String address = "";

        @Override
        public void run(TaskContext context) throws TaskFailure {
            ConnectionInfo connection =
                    context.await(context.kad().connect(ArgumentParser.peerAt(address), context.remaining()));
            context.emit(OutputLine.done("connected")
                    .put("peerId", connection.peer().toString())
                    .put("security", connection.security())
                    .put("muxer", connection.muxer()));
        }
    }

    @Command(name = "disconnect", description = "Close every connection to a peer.")
    static final class Disconnect implements Task {

        @Parameters(index = "0", paramLabel = "PEERID", description = "The peer.")
        private String peer = "";

        @Override
        public void run(TaskContext context) {
            PeerId id = ArgumentParser.peerId(peer);
            context.kad().disconnect(id);
            context.emit(OutputLine.done("disconnected").put("peerId", id.toString()));
        }
    }

    @Command(name = "connections", description = "List the open connections.")
    static final class Connections implements Task {

        @Override
        public void run(TaskContext context) {
            ObjectNode line = OutputLine.done("connections");
            var array = line.putArray("connections");
            context.kad()
                    .connections()
                    .forEach(connection -> array.addObject()
                            .put("peerId", connection.peer().toString())
                            .put("address", connection.remoteAddress().toString())
                            .put("direction", connection.direction().name().toLowerCase(Locale.ROOT))
                            .put("security", connection.security())
                            .put("muxer", connection.muxer())
                            .put("streams", connection.streams()));
            context.emit(line);
        }
    }

    @Command(name = "routing-table", description = "List the routing table, the nearest bucket first.")
    static final class RoutingTable implements Task {

        @Override
        public void run(TaskContext context) {
            ObjectNode line = OutputLine.done("routing-table");
            var array = line.putArray("peers");
            context.kad().routingTable().entries().forEach(entry -> {
                ObjectNode peer = array.addObject()
                        .put("peerId", entry.peer().toString())
                        .put("bucket", entry.bucket())
                        .put("connected", entry.connected());
                OutputLine.addresses(peer, entry.peer(), entry.addresses());
            });
            context.emit(line);
        }
    }

    @Command(name = "bootstrap", description = "Fill the routing table.")
    static final class Bootstrap extends QueryTask {

        @Override
        public void run(TaskContext context) throws TaskFailure {
            BootstrapResult bootstrapped = await(context, context.kad().bootstrap());
            context.emit(OutputLine.done("bootstrapped").put("peers", bootstrapped.peers()));
        }
    }

    @Command(name = "add-address", description = "Add an address of a peer to the routing table.")
    static final class AddAddress implements Task {

        @Parameters(index = "0", paramLabel = "PEERID", description = "The peer.")
        private String peer = "";

        @Parameters(index = "1", paramLabel = "MULTIADDR", description = "The address.")
        private String address = "";

        @Override
        public void run(TaskContext context) throws TaskFailure {
            PeerId id = ArgumentParser.peerId(peer);
            Multiaddr added = ArgumentParser.address(address);
            RoutingUpdate update = context.await(context.kad().addAddress(id, added));
            if (update == RoutingUpdate.FAILED) {
                throw new TaskFailure(
                        ErrorCode.BAD_INPUT, "the address is not of that peer, or the bucket of the peer is full");
            }
            context.emit(OutputLine.done("routing-updated")
                    .put("peerId", id.toString())
                    .put("outcome", update.name().toLowerCase(Locale.ROOT)));
        }
    }

    @Command(name = "remove-address", description = "Remove an address of a peer from the routing table.")
    static final class RemoveAddress implements Task {

        @Parameters(index = "0", paramLabel = "PEERID", description = "The peer.")
        private String peer = "";

        @Parameters(index = "1", paramLabel = "MULTIADDR", description = "The address.")
        private String address = "";

        @Override
        public void run(TaskContext context) throws TaskFailure {
            PeerId id = ArgumentParser.peerId(peer);
            answerRemoval(context, id, context.await(context.kad().removeAddress(id, ArgumentParser.address(address))));
        }
    }

    @Command(name = "remove-peer", description = "Remove a peer from the routing table.")
    static final class RemovePeer implements Task {

        @Parameters(index = "0", paramLabel = "PEERID", description = "The peer.")
        private String peer = "";

        @Override
        public void run(TaskContext context) throws TaskFailure {
            PeerId id = ArgumentParser.peerId(peer);
            answerRemoval(context, id, context.await(context.kad().removePeer(id)));
        }
    }

    private static void answerRemoval(TaskContext context, PeerId peer, boolean removed) throws TaskFailure {
        if (!removed) {
            throw new TaskFailure(ErrorCode.NOT_FOUND, "the routing table does not hold that");
        }
        context.emit(OutputLine.done("routing-updated")
                .put("peerId", peer.toString())
                .put("outcome", "removed"));
    }

    @Command(name = "mode", description = "Serve others or only ask: server, client or auto.")
    static final class SetMode implements Task {

        @Parameters(index = "0", paramLabel = "MODE", description = "server, client or auto.")
        private String mode = "";

        @Override
        public void run(TaskContext context) throws TaskFailure {
            context.await(context.kad().mode(PeerOptions.mode(mode)));
            context.emit(OutputLine.done("mode").put("mode", modeOf(context.kad())));
        }
    }

    @Command(name = "remove", description = "Remove an own record from the own store.")
    static final class Remove implements Task {

        @Parameters(index = "0", paramLabel = "KEY", description = "/namespace/name, or 0x and hexadecimal digits.")
        private String key = "";

        @Override
        public void run(TaskContext context) throws TaskFailure {
            if (!context.await(context.kad().removeRecord(ArgumentParser.recordKey(key)))) {
                throw new TaskFailure(ErrorCode.NOT_FOUND, "the own store holds no own record of that key");
            }
            context.emit(OutputLine.done("removed"));
        }
    }

    @Command(name = "stop-providing", description = "Cease to announce this peer as a provider.")
    static final class StopProviding implements Task {

        @Parameters(index = "0", paramLabel = "KEY", description = "A CID, /namespace/name, or 0x and digits.")
        private String key = "";

        @Override
        public void run(TaskContext context) throws TaskFailure {
            if (!context.await(context.kad().stopProviding(ArgumentParser.providerKey(key)))) {
                throw new TaskFailure(ErrorCode.NOT_FOUND, "this peer does not provide that key");
            }
            context.emit(OutputLine.done("stopped-providing"));
        }
    }

    @Command(name = "info", description = "Tell what this peer is and holds.")
    static final class Info implements Task {

        @Override
        public void run(TaskContext context) throws TaskFailure {
            Kademlia kad = context.kad();
            StoreSizes sizes = context.await(kad.storeSizes());
            Runtime runtime = Runtime.getRuntime();
            ObjectNode line = OutputLine.done("info").put("peerId", kad.peerId().toString());
            OutputLine.addresses(line, kad.peerId(), kad.addresses());
            context.emit(line.put("mode", modeOf(kad))
                    .put("protocol", kad.config().get(KademliaConfig.PROTOCOL))
                    .put("routingTable", kad.routingTable().entries().size())
                    .put("connections", kad.connections().size())
                    .put("records", sizes.records())
                    .put("providers", sizes.providers())
                    .put("memoryBytes", runtime.totalMemory() - runtime.freeMemory()));
        }
    }

    private static String modeOf(Kademlia kad) {
        return kad.mode().name().toLowerCase(Locale.ROOT);
    }
}

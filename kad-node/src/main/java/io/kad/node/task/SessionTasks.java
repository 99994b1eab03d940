package io.kad.node.task;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.RoutingUpdate;
import io.kad.api.StoreSizes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.node.option.ArgumentParser;
import io.kad.node.option.PeerOptions;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tasks that only a running peer can carry out. */
final class SessionTasks {

    private SessionTasks() {}

    @Command(description = "Connect to a peer.")
    static final class Connect implements Task {

        @Mixin
        private Arguments.PeerAddress address = new Arguments.PeerAddress();

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            return context.then(
                    context.kad().connect(address.peer(), context.deadline().operationTimeout()),
                    connection -> context.end(OutputLine.done("connected")
                            .put("peerId", connection.peer().toString())
                            .put("security", connection.security())
                            .put("muxer", connection.muxer())));
        }
    }

    @Command(description = "Close all connections to a peer.")
    static final class Disconnect implements Task {

        @Mixin
        private Arguments.Peer peer = new Arguments.Peer();

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            context.kad().disconnect(peer.id());
            return context.end(
                    OutputLine.done("disconnected").put("peerId", peer.id().toString()));
        }
    }

    @Command(description = "List the open connections.")
    static final class Connections implements Task {

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            ObjectNode line = OutputLine.done("connections");
            var array = line.putArray("connections");
            context.kad()
                    .connections()
                    .forEach(connection -> array.addObject()
                            .put("peerId", connection.peer().toString())
                            .put("address", connection.remoteAddress().toString())
                            .put("direction", connection.direction().name().toLowerCase(Locale.ROOT))
                            .put("transport", connection.transport())
                            .put("security", connection.security())
                            .put("muxer", connection.muxer())
                            .put("streams", connection.streams()));
            return context.end(line);
        }
    }

    @Command(description = "List the routing table, closest bucket first.")
    static final class RoutingTable implements Task {

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            ObjectNode line = OutputLine.done("routing-table");
            var array = line.putArray("peers");
            context.kad().routingTable().entries().forEach(entry -> {
                ObjectNode peer = array.addObject()
                        .put("peerId", entry.peer().toString())
                        .put("bucket", entry.bucket())
                        .put("connected", entry.connected());
                OutputLine.addresses(peer, entry.peer(), entry.addresses());
            });
            return context.end(line);
        }
    }

    @Command(description = "Refresh the routing table.")
    static final class Bootstrap extends QueryTask {

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            return context.then(
                    result(context, context.kad().bootstrap()),
                    bootstrapped -> context.end(OutputLine.done("bootstrapped").put("peers", bootstrapped.peers())));
        }
    }

    /** Task that changes the addresses of a peer in the routing table. */
    private abstract static class AddressTask implements Task {

        @Mixin
        private Arguments.Peer peer = new Arguments.Peer();

        private @Nullable Multiaddr address;

        @Parameters(index = "1", paramLabel = "MULTIADDR", description = "Address of the peer.")
        void address(String text) {
            address = ArgumentParser.address("address", text);
        }

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            return start(context, peer.id(), requireNonNull(address, "address"));
        }

        abstract CompletableFuture<ObjectNode> start(TaskContext context, PeerId peer, Multiaddr address);
    }

    @Command(description = "Add an address of a peer to the routing table.")
    static final class AddAddress extends AddressTask {

        @Override
        CompletableFuture<ObjectNode> start(TaskContext context, PeerId peer, Multiaddr address) {
            return context.then(context.kad().addAddress(peer, address), update -> {
                if (update == RoutingUpdate.FAILED) {
                    throw new TaskFailure(ErrorCode.BAD_INPUT, refusal(context.kad(), peer, address));
                }
                return endUpdate(context, peer, update.name().toLowerCase(Locale.ROOT));
            });
        }

        /** Returns the reason why an address was not added; {@link RoutingUpdate} has one value for all reasons. */
        private static String refusal(Kademlia kad, PeerId peer, Multiaddr address) {
            Optional<PeerId> owner = address.peerId();
            if (owner.isPresent() && !owner.get().equals(peer)) {
                return "address belongs to peer " + owner.get();
            } else if (address.withoutPeerId().isEmpty()) {
                return "invalid address '" + address + "': expected a transport address before /p2p/PEERID";
            } else if (peer.equals(kad.peerId())) {
                return "not added: " + peer + " is the local peer";
            }
            return "not added: the bucket of peer " + peer + " is full";
        }
    }

    @Command(description = "Remove an address of a peer from the routing table.")
    static final class RemoveAddress extends AddressTask {

        @Override
        CompletableFuture<ObjectNode> start(TaskContext context, PeerId peer, Multiaddr address) {
            boolean known = isInTable(context.kad(), peer);
            return context.then(context.kad().removeAddress(peer, address), removed -> {
                if (!removed) {
                    throw notInTable(known ? "address " + address + " of peer " + peer : "peer " + peer);
                }
                return endUpdate(context, peer, "removed");
            });
        }
    }

    @Command(description = "Remove a peer from the routing table.")
    static final class RemovePeer implements Task {

        @Mixin
        private Arguments.Peer peer = new Arguments.Peer();

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            return context.then(context.kad().removePeer(peer.id()), removed -> {
                if (!removed) {
                    throw notInTable("peer " + peer.id());
                }
                return endUpdate(context, peer.id(), "removed");
            });
        }
    }

    private static boolean isInTable(Kademlia kad, PeerId peer) {
        return kad.routingTable().entries().stream()
                .anyMatch(entry -> entry.peer().equals(peer));
    }

    private static TaskFailure notInTable(String subject) {
        return new TaskFailure(ErrorCode.NOT_FOUND, subject + " is not in the routing table");
    }

    private static CompletableFuture<ObjectNode> endUpdate(TaskContext context, PeerId peer, String outcome) {
        return context.end(OutputLine.done("routing-updated")
                .put("peerId", peer.toString())
                .put("outcome", outcome));
    }

    @Command(description = "Set the mode: server, client or auto.")
    static final class SetMode implements Task {

        private Mode mode = Mode.AUTO;

        @Parameters(index = "0", paramLabel = "MODE", description = "The mode: server, client or auto.")
        void mode(String text) {
            mode = PeerOptions.mode(text);
        }

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            return context.then(
                    context.kad().mode(mode), done -> context.end(putMode(OutputLine.done("mode"), context.kad())));
        }
    }

    @Command(
            description =
                    "Remove a record that this peer published from the local store. Its holders serve it until it expires.")
    static final class Remove implements Task {

        @Mixin
        private Arguments.Key key = new Arguments.Key();

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            return context.then(context.kad().removeRecord(key.get()), removed -> {
                if (!removed) {
                    throw new TaskFailure(
                            ErrorCode.NOT_FOUND, "this peer has not published a record under key " + key.get());
                }
                return context.end(OutputLine.done("removed"));
            });
        }
    }

    @Command(description = "Stop providing KEY.")
    static final class StopProviding implements Task {

        @Mixin
        private Arguments.ContentKey key = new Arguments.ContentKey();

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            return context.then(context.kad().stopProviding(key.get()), stopped -> {
                if (!stopped) {
                    throw new TaskFailure(ErrorCode.NOT_FOUND, "this peer does not provide key " + key.get());
                }
                return context.end(OutputLine.done("stopped-providing"));
            });
        }
    }

    @Command(description = "Show the peer ID, addresses, mode and store sizes.")
    static final class Info implements Task {

        @Override
        public CompletableFuture<ObjectNode> start(TaskContext context) {
            Kademlia kad = context.kad();
            return context.then(kad.storeSizes(), sizes -> context.end(line(kad, sizes)));
        }

        private static ObjectNode line(Kademlia kad, StoreSizes sizes) {
            Runtime runtime = Runtime.getRuntime();
            ObjectNode line = OutputLine.done("info").put("peerId", kad.peerId().toString());
            OutputLine.addresses(line, kad.peerId(), kad.addresses());
            return putMode(line, kad)
                    .put("protocol", kad.config().get(KademliaConfig.PROTOCOL))
                    .put("routingTable", kad.routingTable().entries().size())
                    .put("connections", kad.connections().size())
                    .put("records", sizes.records())
                    .put("providers", sizes.providers())
                    .put("memoryBytes", runtime.totalMemory() - runtime.freeMemory());
        }
    }

    /** Adds the present mode, and the setting, which may be auto. */
    private static ObjectNode putMode(ObjectNode line, Kademlia kad) {
        return line.put("mode", kad.mode().name().toLowerCase(Locale.ROOT))
                .put("setting", kad.configuredMode().name().toLowerCase(Locale.ROOT));
    }
}

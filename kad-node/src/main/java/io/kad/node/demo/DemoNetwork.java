package io.kad.node.demo;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.EventRegistration;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.BootstrapResult;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.node.output.Output;
import io.kad.node.task.TaskContext;
import io.kad.node.task.TaskFailure;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Peers of one network in this process, each on a separate TCP port on loopback. */
final class DemoNetwork implements AutoCloseable {

    private static final String PROTOCOL = "/kad-demo/kad/1.0.0";

    private final List<Kademlia> peers = new ArrayList<>();
    private final Output output;
    private final long memoryBefore = usedMemory();
    private Duration joinTime = Duration.ZERO;
    private int handshakes;

    /**
     * Creates peers that do not listen yet.
     *
     * @param metrics what the first of them reports its metrics to
     */
    DemoNetwork(int size, Output output, Metrics metrics) {
        this.output = output;
        KademliaConfig config = KademliaConfig.builder()
                .protocol(PROTOCOL)
                .disable(KademliaConfig.BOOTSTRAP_THROTTLE)
                .disable(KademliaConfig.BOOTSTRAP_INTERVAL)
                .build();
        SecureRandom random = new SecureRandom();
        for (int index = 0; index < size; index++) {
            Identity identity = Ed25519Identity.generate(random);
            peers.add(Kademlia.builder()
                    .identity(identity)
                    .config(config)
                    .metrics(index == 0 ? metrics : Metrics.NONE)
                    .build());
        }
    }

    int size() {
        return peers.size();
    }

    Kademlia peer(int index) {
        return peers.get(index);
    }

    List<Kademlia> peers() {
        return peers;
    }

    PeerInfo info(int index) {
        Kademlia peer = peers.get(index);
        return PeerInfo.of(peer.peerId(), peer.addresses());
    }

    Duration joinTime() {
        return joinTime;
    }

    /** Returns the number of handshakes while joining. */
    int handshakes() {
        return handshakes;
    }

    /** Starts every peer, joins each through the first, one after the other, and then refreshes each routing table once more. */
    void start(TaskContext context) throws TaskFailure {
        output.printText("starting " + size() + " peers on loopback, joined through one bootstrap peer");
        for (Kademlia peer : peers) {
            context.await(peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
        }
        long start = System.nanoTime();
        PeerInfo first = info(0);
        for (int index = 1; index < size(); index++) {
            Kademlia peer = peers.get(index);
            for (Multiaddr address : first.addresses()) {
                context.await(peer.addAddress(first.id(), address));
            }
            context.await(peer.bootstrap());
        }
        List<Query<BootstrapResult>> refreshes =
                peers.stream().map(Kademlia::bootstrap).toList();
        for (Query<BootstrapResult> refresh : refreshes) {
            context.await(refresh);
        }
        joinTime = Duration.ofNanos(System.nanoTime() - start);
        handshakes = peers.stream().mapToInt(peer -> peer.connections().size()).sum() / 2;
    }

    /** Closes the connections of {@code peer} to {@code other} and removes that one from its routing table, so that it has to ask for it. */
    void remove(Kademlia peer, PeerId other, TaskContext context) throws TaskFailure {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        EventRegistration registration = peer.onEvent(event -> {
            if (isLastConnectionClosed(event, other)) {
                closed.complete(null);
            }
        });
        try {
            boolean connected = peer.connections().stream()
                    .anyMatch(connection -> connection.peer().equals(other));
            if (connected) {
                peer.disconnect(other);
                context.await(closed);
            }
        } finally {
            registration.close();
        }
        context.await(peer.removePeer(other));
    }

    private static boolean isLastConnectionClosed(DhtEvent event, PeerId peer) {
        return event instanceof DhtEvent.TransportEventReceived received
                && received.event() instanceof TransportEvent.ConnectionClosed closed
                && closed.remaining() == 0
                && closed.connection().peer().equals(peer);
    }

    /** Returns the bytes of heap per peer. */
    long memoryPerPeer() {
        return Math.max(0, usedMemory() - memoryBefore) / size();
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Override
    public void close() {
        peers.forEach(Kademlia::close);
    }
}

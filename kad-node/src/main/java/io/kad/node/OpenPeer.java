package io.kad.node;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.text.DurationText;
import io.kad.node.option.PeerOptions;
import io.kad.node.option.UsageException;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Builder of the peer that a command line describes; it also joins the network. */
public final class OpenPeer {

    private OpenPeer() {}

    /** Returns a peer that listens, and reports its metrics to {@code metrics}. */
    public static Kademlia open(PeerOptions options, String mode, List<String> defaultListen, Metrics metrics) {
        List<Multiaddr> listen = options.listen(defaultListen);
        Kademlia kad = build(options, mode, metrics);
        try {
            options.requireLocalAddresses(kad.peerId());
            for (Multiaddr address : listen) {
                kad.listen(address).join();
            }
            kad.externalAddresses(options.announce()).join();
            return kad;
        } catch (CompletionException failed) {
            kad.close();
            throw new UsageException(
                    failed.getCause() instanceof KadException cause
                            ? String.valueOf(cause.getMessage())
                            : String.valueOf(failed.getCause()),
                    failed);
        } catch (RuntimeException | Error refused) {
            kad.close();
            throw refused;
        }
    }

    private static Kademlia build(PeerOptions options, String mode, Metrics metrics) {
        KademliaBuilder builder = Kademlia.builder()
                .identity(options.identity())
                .config(options.config(mode))
                .metrics(metrics);
        options.data().ifPresent(builder::dataDirectory);
        options.storeOptions().forEach(builder::option);
        try {
            return builder.build();
        } catch (IllegalStateException impossible) {
            if (impossible.getCause() instanceof StoreException failed
                    && options.data().isPresent()) {
                throw new UsageException("--data " + options.data().get() + ": " + failed.getMessage(), impossible);
            }
            if (impossible.getCause() instanceof IllegalArgumentException refused) {
                throw new UsageException(
                        refused.getMessage() == null ? String.valueOf(impossible.getMessage()) : refused.getMessage(),
                        impossible);
            }
            throw new UsageException(String.valueOf(impossible.getMessage()), impossible);
        }
    }

    /** Joins through {@code peers}, all of them concurrently; fails if none is reachable, and returns the failures otherwise. */
    public static List<String> join(Kademlia kad, List<PeerInfo> peers, Deadline deadline) throws TaskFailure {
        Map<PeerInfo, CompletableFuture<ConnectionInfo>> connecting = new LinkedHashMap<>();
        for (PeerInfo peer : peers) {
            for (Multiaddr address : peer.addresses()) {
                var unused = kad.addAddress(peer.id(), address);
            }
            connecting.put(peer, kad.connect(peer, deadline.operationTimeout()));
        }
        List<TaskFailure> failures = new ArrayList<>();
        for (Map.Entry<PeerInfo, CompletableFuture<ConnectionInfo>> connection : connecting.entrySet()) {
            try {
                deadline.await(
                        connection.getValue(),
                        "bootstrap peer " + connection.getKey().id() + " did not respond within "
                                + DurationText.of(deadline.timeout()));
            } catch (TaskFailure failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty() && failures.size() == connecting.size()) {
            throw failures.get(failures.size() - 1);
        }
        return failures.stream()
                .map(failure -> String.valueOf(failure.getMessage()))
                .toList();
    }
}

package io.kad.node;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.node.option.PeerOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.task.TaskFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Builds the peer that a command line describes, and joins the network with it. */
public final class OpenPeer {

    private OpenPeer() {}

    /** Returns a peer that listens. */
    public static Kademlia open(PeerOptions options, String mode, List<String> defaultListen) {
        List<Multiaddr> listen = options.listen(defaultListen);
        Kademlia kad = build(options, mode);
        try {
            for (Multiaddr address : listen) {
                kad.listen(address).toCompletableFuture().join();
            }
            kad.externalAddresses(options.announce()).toCompletableFuture().join();
            return kad;
        } catch (CompletionException failed) {
            kad.close();
            throw new UsageException(
                    failed.getCause() instanceof KadException cause
                            ? String.valueOf(cause.getMessage())
                            : String.valueOf(failed.getCause()),
                    failed);
        }
    }

    private static Kademlia build(PeerOptions options, String mode) {
        KademliaBuilder builder =
                Kademlia.builder().identity(options.identity()).config(options.config(mode));
        options.data().ifPresent(builder::dataDirectory);
        options.storeOptions().forEach(builder::option);
        try {
            return builder.build();
        } catch (IllegalStateException impossible) {
            if (impossible.getCause() instanceof StoreException failed
                    && options.data().isPresent()) {
                throw new UsageException("--data " + options.data().get() + ": " + failed.getMessage(), impossible);
            }
            throw new UsageException(String.valueOf(impossible.getMessage()), impossible);
        }
    }

    /** Joins through {@code peers}, all at once; fails if none can be reached, and returns the failures otherwise. */
    public static List<String> join(Kademlia kad, List<PeerInfo> peers, Duration timeout) throws TaskFailure {
        List<CompletableFuture<ConnectionInfo>> connecting = new ArrayList<>();
        for (PeerInfo peer : peers) {
            peer.addresses().forEach(address -> kad.addAddress(peer.id(), address));
            connecting.add(kad.connect(peer, timeout).toCompletableFuture());
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        List<String> failures = new ArrayList<>();
        TaskFailure last = null;
        for (CompletableFuture<ConnectionInfo> connection : connecting) {
            try {
                connection.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                last = TaskFailure.of(failed.getCause());
                failures.add(String.valueOf(last.getMessage()));
            } catch (TimeoutException late) {
                last = new TaskFailure(ErrorCode.TIMEOUT, "a bootstrap peer does not answer in time");
                failures.add(String.valueOf(last.getMessage()));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return failures;
            }
        }
        if (last != null && failures.size() == peers.size()) {
            throw last;
        }
        return failures;
    }
}

package io.kad.node.remote;

import io.kad.api.text.DurationText;
import io.kad.node.option.ApiOptions;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Lookup of a host name within the time of a command: the system waits for its DNS servers as long as they need. Thread-safe. */
final class HostLookup {

    /** Lookup of a name by the system; may block. */
    interface Resolver {

        /** Returns an address of {@code host}. */
        InetAddress resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;

    HostLookup(Resolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Returns an address of {@code host}, which may be one already; empty if it has none.
     *
     * @throws TaskFailure if the time of the command is over before
     */
    Optional<InetAddress> of(String host, Deadline deadline) throws TaskFailure {
        CompletableFuture<Optional<InetAddress>> found = new CompletableFuture<>();
        // A thread of its own, which is left behind when the time is over: nothing ends a lookup of the system
        Thread thread = new Thread(() -> lookUp(host, found), "kad-host-lookup");
        thread.setDaemon(true);
        thread.start();
        return deadline.await(
                found,
                "the host " + host + " of " + ApiOptions.ADDRESS + " was not looked up within "
                        + DurationText.of(deadline.timeout())
                        + "; look at the DNS server, give an IP address, or use --timeout to allow more");
    }

    private void lookUp(String host, CompletableFuture<Optional<InetAddress>> found) {
        try {
            found.complete(Optional.of(resolver.resolve(host)));
        } catch (UnknownHostException none) {
            found.complete(Optional.empty());
        } catch (RuntimeException | Error defect) {
            found.completeExceptionally(defect);
        }
    }
}

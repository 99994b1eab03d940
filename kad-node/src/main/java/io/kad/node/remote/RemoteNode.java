package io.kad.node.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.text.DurationText;
import io.kad.node.api.CommandPath;
import io.kad.node.http.AccessToken;
import io.kad.node.http.HttpAddress;
import io.kad.node.option.ApiOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Node whose HTTP API runs commands. Immutable. */
public final class RemoteNode {

    /** Time that a node has, after the deadline, to say that the command has timed out. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private final String name;
    private final InetSocketAddress address;
    private final Optional<URI> named;
    private final Optional<String> token;
    private final HostLookup lookup;

    private RemoteNode(
            String name, InetSocketAddress address, Optional<URI> named, Optional<String> token, HostLookup lookup) {
        this.name = name;
        this.address = address;
        this.named = named;
        this.token = token;
        this.lookup = lookup;
    }

    /** Returns the node at {@code address}, the value of {@code --api}, with the token of {@code options}; both values are checked. */
    public static RemoteNode at(String address, ApiOptions options) {
        return at(address, options, InetAddress::getByName);
    }

    /** Returns the node at {@code address}, whose host {@code resolver} looks up. */
    static RemoteNode at(String address, ApiOptions options, HostLookup.Resolver resolver) {
        Optional<String> token = options.token();
        InetSocketAddress socket = HttpAddress.unresolved(ApiOptions.ADDRESS, address);
        if (socket.getPort() == 0) {
            throw UsageException.invalid(ApiOptions.ADDRESS, address, HttpAddress.FORM);
        }
        token.ifPresent(text -> {
            var unused = AccessToken.parse(options.tokenName(), text);
        });
        return new RemoteNode(address, socket, named(address), token, new HostLookup(resolver));
    }

    /** Returns the address with the name that the user has given, for a server that asks for it; empty if that name is none of a URI. */
    private static Optional<URI> named(String given) {
        try {
            URI uri = URI.create("http://" + given);
            return Optional.of(uri).filter(hasHost -> hasHost.getHost() != null);
        } catch (IllegalArgumentException notOfUris) {
            throw UsageException.invalid(ApiOptions.ADDRESS, given, HttpAddress.FORM);
        }
    }

    /**
     * Runs a command in the node.
     *
     * @param output receives its lines, the last one too if it has not failed
     * @return the exit code
     * @throws TaskFailure if the node cannot be asked, or has no usable answer
     */
    public int run(RemoteCall call, Deadline deadline, Consumer<ObjectNode> output) throws TaskFailure {
        NodeResponse response = new NodeResponse(call.path(), output);
        URI server = server(deadline);
        CompletableFuture<?> exchange = client(deadline).sendAsync(request(call, server), response);
        try {
            // The node ends the command in time and says so; this is for one that does not
            exchange.get(deadline.remaining().plus(LATE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (response.end().isEmpty() || cause instanceof UnusableResponse) {
                throw failure(cause == null ? failed : cause, response.status() > 0, deadline);
            }
        } catch (TimeoutException late) {
            if (response.end().isEmpty()) {
                throw timedOut(deadline);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TaskFailure(ErrorCode.INTERNAL, "interrupted");
        } finally {
            exchange.cancel(true);
        }
        ObjectNode last = response.end().orElse(null);
        if (last == null) {
            throw failure(response.incomplete(), true, deadline);
        }
        ObjectNode shown = NodeRefusal.translated(last, response.status(), name, token.isPresent());
        output.accept(shown);
        return NodeRefusal.exitCode(shown);
    }

    /**
     * Looks the host up first, as the client has no time limit for that. The client looks a name up again, as its header {@code Host} must
     * have it. It finds that in the cache of the JVM, unless the user has turned the cache off.
     */
    private URI server(Deadline deadline) throws TaskFailure {
        InetAddress ip = lookup.of(address.getHostString(), deadline)
                .orElseThrow(() -> unreachable("the host " + address.getHostString() + " of " + ApiOptions.ADDRESS
                        + " has no address; check the name and the DNS server, or give an IP address"));
        return named.orElseGet(
                () -> URI.create("http://" + HttpAddress.text(new InetSocketAddress(ip, address.getPort()))));
    }

    private static HttpClient client(Deadline deadline) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(deadline.remaining().plusMillis(1))
                .build();
    }

    private HttpRequest request(RemoteCall call, URI server) {
        CommandPath path = call.path();
        HttpRequest.Builder request = HttpRequest.newBuilder(call.at(server))
                .header("Accept", "application/x-ndjson")
                .method(
                        path.method(),
                        path.next() == CommandPath.Argument.VALUE
                                ? BodyPublishers.ofByteArray(call.value().toArray())
                                : BodyPublishers.noBody());
        if (path.next() == CommandPath.Argument.VALUE) {
            request.header("Content-Type", CommandPath.VALUE_TYPE);
        }
        // To nobody who does not need it: a request that only reads may go to a wrong address
        token.filter(text -> path.changesState()).ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request.build();
    }

    private TaskFailure timedOut(Deadline deadline) {
        return new TaskFailure(
                ErrorCode.TIMEOUT,
                "the node at " + name + " did not respond within " + DurationText.of(deadline.timeout())
                        + "; use --timeout to allow more");
    }

    private TaskFailure failure(Throwable cause, boolean hasAnswered, Deadline deadline) {
        String node = "the node at " + name;
        if (cause instanceof HttpConnectTimeoutException) {
            return timedOut(deadline);
        } else if (cause instanceof UnusableResponse unusable) {
            return unreachable(name + " " + unusable.getMessage() + "; check " + ApiOptions.ADDRESS);
        } else if (cause instanceof ConnectException) {
            return unreachable("cannot connect to " + node + ": "
                    + Objects.requireNonNullElse(cause.getMessage(), "connection refused")
                    + "; check that it runs with --http " + name);
        } else if (hasAnswered) {
            return unreachable(
                    node + " went away before the end of its response; check that it still runs, and repeat");
        } else if (isOfOtherProtocol(cause)) {
            return unreachable(
                    name + " does not speak HTTP; give the address of --http of a node, not one of its listeners");
        } else if (cause instanceof IOException) {
            return unreachable(node + " ended the connection without a response (" + cause.getMessage()
                    + "); check that it runs with --http " + name);
        }
        return TaskFailure.of(cause);
    }

    private static boolean isOfOtherProtocol(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProtocolException) {
                return true;
            }
        }
        return false;
    }

    private static TaskFailure unreachable(String message) {
        return new TaskFailure(ErrorCode.UNREACHABLE, message);
    }
}

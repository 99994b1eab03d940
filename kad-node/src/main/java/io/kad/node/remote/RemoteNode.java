package io.kad.node.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.text.DurationText;
import io.kad.node.api.CommandPath;
import io.kad.node.http.AccessToken;
import io.kad.node.http.HttpAddress;
import io.kad.node.http.MediaType;
import io.kad.node.option.ApiOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
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
    private final Optional<String> namedHost;
    private final Optional<String> token;
    private final HostLookup lookup;

    private RemoteNode(
            String name,
            InetSocketAddress address,
            Optional<String> namedHost,
            Optional<String> token,
            HostLookup lookup) {
        this.name = name;
        this.address = address;
        this.namedHost = namedHost;
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
        return new RemoteNode(address, socket, namedHost(address), token, new HostLookup(resolver));
    }

    /** Returns the host as the user has named it, for a server that asks for it; empty if that name is none of a URI. */
    private static Optional<String> namedHost(String given) {
        try {
            return Optional.ofNullable(URI.create("http://" + given).getHost());
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
        InetSocketAddress server = server(deadline);
        try (HttpConnection connection =
                HttpConnection.send(request(call, server), server, deadline.remaining(), response)) {
            // The node ends the command in time and says so; this is for one that does not
            connection.ended().get(deadline.remaining().plus(LATE).toNanos(), TimeUnit.NANOSECONDS);
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
        }
        ObjectNode last = response.end().orElse(null);
        if (last == null) {
            throw failure(response.incomplete(), true, deadline);
        }
        ObjectNode shown = NodeRefusal.withOptions(
                NodeRefusal.translated(last, response.status(), name, token.isPresent()),
                call.options().keySet());
        output.accept(shown);
        return NodeRefusal.exitCode(shown);
    }

    private InetSocketAddress server(Deadline deadline) throws TaskFailure {
        InetAddress ip = lookup.of(address.getHostString(), deadline)
                .orElseThrow(() -> unreachable("the host " + address.getHostString() + " of " + ApiOptions.ADDRESS
                        + " has no address; check the name and the DNS server, or give an IP address"));
        return new InetSocketAddress(ip, address.getPort());
    }

    private FullHttpRequest request(RemoteCall call, InetSocketAddress server) {
        CommandPath path = call.path();
        ByteBuf value = Unpooled.wrappedBuffer(call.value().toArray());
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.valueOf(path.method()), call.target(), value);
        HttpHeaders headers = request.headers()
                .set(
                        HttpHeaderNames.HOST,
                        namedHost.map(host -> host + ":" + server.getPort()).orElseGet(() -> HttpAddress.text(server)))
                .set(HttpHeaderNames.ACCEPT, MediaType.NDJSON)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (!request.method().equals(HttpMethod.GET)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, value.readableBytes());
        }
        if (path.next() == CommandPath.Argument.VALUE) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, CommandPath.VALUE_TYPE);
        }
        // To nobody who does not need it: a request that only reads may go to a wrong address
        token.filter(text -> path.changesState())
                .ifPresent(text -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + text));
        return request;
    }

    private TaskFailure timedOut(Deadline deadline) {
        return new TaskFailure(
                ErrorCode.TIMEOUT,
                "the node at " + name + " did not respond within " + DurationText.of(deadline.timeout())
                        + "; use --timeout to allow more");
    }

    private TaskFailure failure(Throwable cause, boolean hasAnswered, Deadline deadline) {
        String node = "the node at " + name;
        if (cause instanceof ConnectTimeoutException) {
            return timedOut(deadline);
        } else if (cause instanceof UnusableResponse unusable) {
            return unreachable(name + " " + unusable.getMessage() + "; check " + ApiOptions.ADDRESS);
        } else if (cause instanceof ConnectException) {
            return unreachable("cannot connect to " + node + ": " + cause.getMessage()
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

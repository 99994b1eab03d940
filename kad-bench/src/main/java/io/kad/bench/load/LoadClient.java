package io.kad.bench.load;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.bench.cli.CommandException;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.limit.NodeBudgets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Client with an identity of its own and one connection to the server. Thread-safe. */
final class LoadClient implements AutoCloseable {

    /** Address that an ADD_PROVIDER announces; of a network for documentation, so that nobody is dialled there. */
    private static final List<Multiaddr> ANNOUNCED = List.of(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001"));

    private final NettyTransport transport;
    private final PeerInfo server;
    private final PeerInfo self;
    private final Duration timeout;

    /**
     * Creates a client that is not connected.
     *
     * @param budgets bytes that all clients may hold together
     */
    LoadClient(Identity identity, PeerInfo server, KademliaConfig config, NodeBudgets budgets) {
        this.server = server;
        this.self = PeerInfo.of(identity.peerId(), ANNOUNCED);
        this.timeout = config.get(KademliaConfig.REQUEST_TIMEOUT);
        transport = new NettyTransport(identity, config, InstantSource.system(), budgets);
        transport.start(new Silent());
        transport.trustAddresses(server);
    }

    /** Connects to the server; the result names what carries the connection. */
    CompletableFuture<ConnectionInfo> connect() {
        CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();
        transport.connect(server, timeout, new Callback<>() {
            @Override
            public void onSuccess(ConnectionInfo connection) {
                connected.complete(connection);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                connected.completeExceptionally(new CommandException("cannot connect to " + server.id()
                        + "; give the address of a running server, as it prints it: " + failure.message()));
            }
        });
        return connected;
    }

    /** Returns this client as the provider that it announces. */
    PeerInfo self() {
        return self;
    }

    /** Sends {@code request}, and completes with its response. */
    CompletableFuture<KadResponse> request(KadRequest request) {
        CompletableFuture<KadResponse> response = new CompletableFuture<>();
        transport.request(server, request, timeout, new Callback<>() {
            @Override
            public void onSuccess(KadResponse result) {
                response.complete(result);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                response.completeExceptionally(new CommandException("a " + request + " failed: " + failure.message()));
            }
        });
        return response;
    }

    /** Sends {@code request}. */
    void send(KadRequest request, Outcome outcome) {
        if (request instanceof KadRequest.AddProvider announcement) {
            transport.send(server, announcement, timeout, new Result<>(outcome));
        } else {
            transport.request(server, request, timeout, new Result<>(outcome));
        }
    }

    @Override
    public void close() {
        transport.close();
    }

    private record Result<T>(Outcome outcome) implements Callback<T> {

        @Override
        public void onSuccess(T result) {
            outcome.succeeded(!(result instanceof KadResponse response) || response.accept(FOUND));
        }

        @Override
        public void onFailure(TransportFailure failure) {
            outcome.failed(failure.kind().name());
        }
    }

    private static final KadResponse.Visitor<Boolean> FOUND = new KadResponse.Visitor<>() {
        @Override
        public Boolean findNode(KadResponse.FindNode response) {
            return !response.closerPeers().isEmpty();
        }

        @Override
        public Boolean getValue(KadResponse.GetValue response) {
            return response.record().isPresent();
        }

        @Override
        public Boolean putValue(KadResponse.PutValue response) {
            return true;
        }

        @Override
        public Boolean getProviders(KadResponse.GetProviders response) {
            return !response.providers().isEmpty();
        }

        @Override
        public Boolean ping(KadResponse.Ping response) {
            return true;
        }
    };

    /** A client serves nothing: it does not state the Kademlia protocol, so no request comes. */
    private static final class Silent implements TransportHandler {

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            responder.reset();
        }

        @Override
        public void onEvent(TransportEvent event) {}
    }
}

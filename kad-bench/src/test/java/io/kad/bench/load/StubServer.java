package io.kad.bench.load;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Server that answers each request alike, at once or, while it stalls, later. Thread-safe. */
final class StubServer implements TransportHandler, AutoCloseable {

    static final String PROTOCOL = "/kad-bench/kad/1.0.0";
    private static final KadResponse NOTHING = new KadResponse.FindNode(List.of());

    private final NettyTransport transport =
            new NettyTransport(SeededIdentity.of("stub", 1, 0), KademliaConfig.of(PROTOCOL), InstantSource.system());
    private final Function<KadRequest, KadResponse> answers;
    private final List<Runnable> waiting = new ArrayList<>();
    private final PeerInfo info;
    private boolean stalled;
    private Optional<Duration> stall = Optional.empty();

    /** Answers each request with no peers. */
    StubServer() {
        this(request -> NOTHING);
    }

    StubServer(Function<KadRequest, KadResponse> answers) {
        this.answers = answers;
        transport.start(this);
        transport.serve(true);
        CompletableFuture<List<Multiaddr>> listening = new CompletableFuture<>();
        transport.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"), new Callback<>() {
            @Override
            public void onSuccess(List<Multiaddr> addresses) {
                listening.complete(addresses);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                listening.completeExceptionally(new IllegalStateException(failure.toString()));
            }
        });
        info = PeerInfo.of(SeededIdentity.of("stub", 1, 0).peerId(), listening.join());
    }

    PeerInfo info() {
        return info;
    }

    /** Answers no request from now on. */
    synchronized void stall() {
        stalled = true;
    }

    /** Answers no request from now on, until {@code time} after the first one that comes, or a little longer: never shorter. */
    synchronized void stallFor(Duration time) {
        stalled = true;
        stall = Optional.of(time);
    }

    /** Answers all requests that wait, and those to come at once. */
    synchronized void goOn() {
        stalled = false;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    @Override
    public synchronized void onRequest(InboundRequest request, Responder responder) {
        Runnable answer = () -> responder.respond(answers.apply(request.request()));
        if (stalled) {
            stall.ifPresent(time -> CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(this::goOn));
            stall = Optional.empty();
            waiting.add(answer);
        } else {
            answer.run();
        }
    }

    @Override
    public void onEvent(TransportEvent event) {}

    @Override
    public void close() {
        transport.close();
    }
}

package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.identify.Identify;
import io.kad.transport.netty.kad.KadFrameCodec;
import io.kad.transport.netty.kad.KadServerStream;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.TokenBucket;
import io.kad.transport.netty.multistream.MultistreamResponder;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.multistream.ProtocolInstaller;
import io.kad.transport.netty.ping.Ping;
import io.kad.transport.netty.ping.PingResponder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Protocols that the local peer serves on inbound streams. Thread-safe. */
final class Protocols {

    private final String kad;
    private final KadFrameCodec frameCodec;
    private final int maxKadStreams;
    private final int maxPushesPerMinute;
    private volatile boolean serving;

    Protocols(KademliaConfig config, KadFrameCodec frameCodec) {
        this.kad = config.get(KademliaConfig.PROTOCOL);
        this.frameCodec = frameCodec;
        this.maxKadStreams = config.get(TransportOptions.MAX_KAD_STREAMS);
        this.maxPushesPerMinute = config.get(TransportOptions.MAX_PUSHES_PER_MINUTE);
    }

    /** Returns the name of the Kademlia protocol. */
    String kadProtocol() {
        return kad;
    }

    /**
     * Starts or stops serving the Kademlia protocol; returns whether that changed anything. Open streams are not
     * affected.
     */
    boolean serve(boolean enabled) {
        boolean changed = serving != enabled;
        serving = enabled;
        return changed;
    }

    /** Returns the names of the protocols that are served at present. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of(Identify.PROTOCOL, Identify.PUSH_PROTOCOL, Ping.PROTOCOL));
        if (serving) {
            names.add(kad);
        }
        return names;
    }

    /** Creates the first handler of the inbound streams of one connection. */
    InboundStreamInitializer inboundInitializer(Identify identify, TransportHandler handler) {
        return new InboundStreamInitializer(identify, handler);
    }

    /** First handler of each inbound stream of one connection: negotiates its protocol. */
    @Sharable
    final class InboundStreamInitializer extends ChannelInitializer<Channel> {

        private final Identify identify;
        private final TransportHandler handler;
        private @Nullable PeerConnection connection;
        private @Nullable TokenBucket pushes;

        private InboundStreamInitializer(Identify identify, TransportHandler handler) {
            this.identify = identify;
            this.handler = handler;
        }

        /** Sets the connection, which is created after this handler; streams before that are reset. */
        void setConnection(PeerConnection created) {
            connection = created;
        }

        @Override
        protected void initChannel(Channel stream) {
            PeerConnection owner = connection;
            if (owner == null) {
                stream.close();
                return;
            }
            stream.pipeline()
                    .addLast(new MultistreamResponder(
                            protocol -> find(owner, protocol),
                            NegotiationListener.onFailure(cause -> count(owner, cause)),
                            frameCodec.limits().negotiationTimeout()));
        }

        private void count(PeerConnection owner, NegotiationException cause) {
            String effect = "reset a stream of " + owner + ": " + cause.getMessage();
            switch (cause.reason()) {
                case LIMIT -> owner.budget().counters().count(Limit.NEGOTIATION, effect);
                case TIMEOUT -> owner.budget().counters().count(Limit.NEGOTIATION_TIMEOUT, effect);
                case REFUSED, MALFORMED, CLOSED, INTERNAL -> {}
            }
        }

        private @Nullable ProtocolInstaller find(PeerConnection owner, String protocol) {
            return switch (protocol) {
                case Identify.PROTOCOL ->
                    installer(owner, TransportLimits.MAX_INBOUND_IDENTIFY_STREAMS, () -> identify.responder(owner));
                case Identify.PUSH_PROTOCOL ->
                    pushes().tryTake(System.nanoTime())
                            ? installer(
                                    owner, TransportLimits.MAX_INBOUND_PUSH_STREAMS, () -> identify.pushReceiver(owner))
                            : refusing(owner, Limit.PUSHES_PER_MINUTE);
                case Ping.PROTOCOL -> installer(owner, TransportLimits.MAX_INBOUND_PING_STREAMS, PingResponder::new);
                default ->
                    serving && protocol.equals(kad)
                            ? installer(
                                    owner, maxKadStreams, () -> new KadServerStream(owner, requests(owner), frameCodec))
                            : null;
            };
        }

        /** Returns the handler of the requests on a connection, which are what it is used for. */
        private TransportHandler requests(PeerConnection owner) {
            return new TransportHandler() {
                @Override
                public void onRequest(InboundRequest request, Responder responder) {
                    owner.markUsed();
                    handler.onRequest(request, responder);
                }

                @Override
                public void onEvent(TransportEvent event) {
                    handler.onEvent(event);
                }
            };
        }

        private ProtocolInstaller installer(PeerConnection owner, int limit, Supplier<ChannelHandler> streamHandler) {
            return (stream, protocol) -> {
                if (owner.inboundStreams().tryAdd(protocol, stream, limit)) {
                    stream.pipeline().addLast(streamHandler.get());
                } else {
                    refusing(owner, protocol.equals(kad) ? Limit.KAD_STREAMS : Limit.SERVICE_STREAMS)
                            .install(stream, protocol);
                }
            };
        }

        private ProtocolInstaller refusing(PeerConnection owner, Limit limit) {
            return (stream, protocol) -> {
                owner.budget().counters().count(limit, "reset a stream of " + owner + " for " + protocol);
                stream.close();
            };
        }

        private TokenBucket pushes() {
            TokenBucket current = pushes;
            if (current == null) {
                current = new TokenBucket(maxPushesPerMinute, System.nanoTime());
                pushes = current;
            }
            return current;
        }
    }
}

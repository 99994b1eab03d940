package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.identify.Identify;
import io.kad.transport.netty.kad.KadFrameCodec;
import io.kad.transport.netty.kad.KadServerStream;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.PeerRates;
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
import java.net.SocketAddress;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Protocols that the local peer serves on inbound streams. Thread-safe. */
final class Protocols {

    private final String kad;
    private final KadFrameCodec frameCodec;
    private final int maxKadStreams;
    private final PeerRates rates;
    private volatile boolean serving;

    Protocols(KademliaConfig config, KadFrameCodec frameCodec, PeerRates rates) {
        this.kad = config.get(KademliaConfig.PROTOCOL);
        this.frameCodec = frameCodec;
        this.maxKadStreams = config.get(TransportOptions.MAX_KAD_STREAMS);
        this.rates = rates;
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

    /** Creates the first handler of the inbound streams of a connection with {@code peer} at {@code remote}. */
    InboundStreamInitializer inboundInitializer(
            PeerId peer, SocketAddress remote, Identify identify, TransportHandler handler) {
        return new InboundStreamInitializer(rates.of(peer, remote), identify, handler);
    }

    /** First handler of each inbound stream of one connection: negotiates its protocol. */
    @Sharable
    final class InboundStreamInitializer extends ChannelInitializer<Channel> {

        private final PeerRates.OfPeer peerRates;
        private final Identify identify;
        private final TransportHandler handler;
        private @Nullable PeerConnection connection;

        private InboundStreamInitializer(PeerRates.OfPeer peerRates, Identify identify, TransportHandler handler) {
            this.peerRates = peerRates;
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
                    peerRates.tryTake(Limit.PUSHES_PER_MINUTE)
                            ? installer(
                                    owner, TransportLimits.MAX_INBOUND_PUSH_STREAMS, () -> identify.pushReceiver(owner))
                            : (stream, refused) -> stream.close();
                case Ping.PROTOCOL -> installer(owner, TransportLimits.MAX_INBOUND_PING_STREAMS, PingResponder::new);
                default ->
                    serving && protocol.equals(kad)
                            ? installer(
                                    owner,
                                    maxKadStreams,
                                    () -> new KadServerStream(owner, handler, frameCodec, peerRates))
                            : null;
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
    }
}

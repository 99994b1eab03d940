package io.kad.transport.netty.protocol;

import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.multistream.MultistreamResponder;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.multistream.ProtocolInstaller;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** First handler of each inbound stream of one connection: negotiates its protocol. Confined to the event loop of the connection. */
@Sharable
public final class InboundStreamInitializer extends ChannelInitializer<Channel> {

    private final ServedProtocols protocols;
    private final PeerRates.Limiter rateLimiter;
    private final Duration negotiationTimeout;
    private @Nullable PeerConnection connection;

    InboundStreamInitializer(ServedProtocols protocols, PeerRates.Limiter rateLimiter, Duration negotiationTimeout) {
        this.protocols = protocols;
        this.rateLimiter = rateLimiter;
        this.negotiationTimeout = negotiationTimeout;
    }

    /** Sets the connection, which is created after this handler; streams before that are reset. */
    public void setConnection(PeerConnection created) {
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
                        protocol -> installer(owner, protocol),
                        NegotiationListener.onFailure(cause -> count(owner, cause)),
                        negotiationTimeout));
    }

    private static void count(PeerConnection owner, NegotiationException cause) {
        String effect = "reset a stream of " + owner + ": " + cause.getMessage();
        switch (cause.reason()) {
            case LIMIT -> owner.budget().counters().countAndLog(LimitId.NEGOTIATION, effect);
            case TIMEOUT -> owner.budget().counters().countAndLog(LimitId.NEGOTIATION_TIMEOUT, effect);
            case REFUSED, MALFORMED, CLOSED, INTERNAL -> {}
        }
    }

    private @Nullable ProtocolInstaller installer(PeerConnection owner, String id) {
        Optional<ServedProtocol> found = protocols.find(id);
        if (found.isEmpty()) {
            return null;
        }
        ServedProtocol protocol = found.get();
        if (protocol.streamRateLimit().isPresent()
                && !rateLimiter.tryTake(protocol.streamRateLimit().get())) {
            return (stream, protocolId) -> stream.close();
        }
        return (stream, protocolId) -> install(owner, protocol, stream);
    }

    private void install(PeerConnection owner, ServedProtocol protocol, Channel stream) {
        if (owner.inboundStreams().tryAdd(protocol.id(), stream, protocol.maxStreams())) {
            stream.pipeline().addLast(protocol.newStreamHandler(owner, rateLimiter));
        } else {
            owner.budget()
                    .counters()
                    .countAndLog(protocol.maxStreamsLimitId(), "reset a stream of " + owner + " for " + protocol.id());
            stream.close();
        }
    }
}

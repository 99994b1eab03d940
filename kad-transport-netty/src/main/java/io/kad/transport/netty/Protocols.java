package io.kad.transport.netty;

import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.identify.Identify;
import io.kad.transport.netty.kad.KadFrameCodec;
import io.kad.transport.netty.kad.KadServerStream;
import io.kad.transport.netty.multistream.MultistreamResponder;
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

    private static final int MAX_INBOUND_PUSH_STREAMS = 1;

    private final String kad;
    private final KadFrameCodec frameCodec;
    private volatile boolean serving;

    Protocols(String kad, KadFrameCodec frameCodec) {
        this.kad = kad;
        this.frameCodec = frameCodec;
    }

    /** Returns the name of the Kademlia protocol. */
    String kadProtocol() {
        return kad;
    }

    /** Returns the largest message that is accepted, in bytes. */
    int maxMessageBytes() {
        return frameCodec.maxMessageBytes();
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

    /** Returns the first handler of each inbound stream of {@code connection}. */
    ChannelHandler streamInitializer(PeerConnection connection, Identify identify, TransportHandler handler) {
        return new StreamInitializer(connection, identify, handler);
    }

    @Sharable
    private final class StreamInitializer extends ChannelInitializer<Channel> {

        private final PeerConnection connection;
        private final Identify identify;
        private final TransportHandler handler;

        StreamInitializer(PeerConnection connection, Identify identify, TransportHandler handler) {
            this.connection = connection;
            this.identify = identify;
            this.handler = handler;
        }

        @Override
        protected void initChannel(Channel stream) {
            stream.pipeline()
                    .addLast(new MultistreamResponder(
                            this::find, NegotiationListener.NONE, MultistreamResponder.TIMEOUT));
        }

        private @Nullable ProtocolInstaller find(String protocol) {
            return switch (protocol) {
                case Identify.PROTOCOL ->
                    installer(TransportLimits.MAX_INBOUND_IDENTIFY_STREAMS, () -> identify.responder(connection));
                case Identify.PUSH_PROTOCOL ->
                    installer(MAX_INBOUND_PUSH_STREAMS, () -> identify.pushReceiver(connection));
                case Ping.PROTOCOL -> installer(TransportLimits.MAX_INBOUND_PING_STREAMS, PingResponder::new);
                default ->
                    serving && protocol.equals(kad)
                            ? installer(
                                    TransportLimits.MAX_INBOUND_KAD_STREAMS,
                                    () -> new KadServerStream(connection, handler, frameCodec))
                            : null;
            };
        }

        private ProtocolInstaller installer(int limit, Supplier<ChannelHandler> streamHandler) {
            return (stream, protocol) -> {
                if (connection.inboundStreams().tryAdd(protocol, stream, limit)) {
                    stream.pipeline().addLast(streamHandler.get());
                } else {
                    stream.close();
                }
            };
        }
    }
}

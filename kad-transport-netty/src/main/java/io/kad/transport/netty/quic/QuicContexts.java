package io.kad.transport.netty.quic;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.tls.TlsException;
import io.kad.transport.netty.tls.TlsIdentity;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicTokenHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * QUIC with the certificate of one transport: makes the handlers of UDP sockets that listen or dial. Version 1 only, both peers show a
 * certificate, no early data, no migration, no unidirectional streams and no datagrams. Thread-safe.
 */
public final class QuicContexts {

    private static final AttributeKey<PeerId> EXPECTED = AttributeKey.valueOf(QuicContexts.class, "expected");

    private final TlsIdentity local;
    private final QuicLimits limits;
    private final QuicMuxer muxer;
    private final QuicSslContext client;
    private final QuicSslContext server;
    /** Why the certificate in the handshake of an engine was refused, which the library does not pass on; for as long as the engine is used. */
    private final Map<SSLEngine, TlsException> refusals = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * Creates the contexts of a transport.
     *
     * @throws IllegalStateException if this machine cannot do QUIC
     */
    public QuicContexts(TlsIdentity local, QuicLimits limits) {
        unavailabilityCause().ifPresent(cause -> {
            throw new IllegalStateException("cannot use QUIC on this machine: " + cause.getMessage(), cause);
        });
        this.local = local;
        this.limits = limits;
        this.muxer = new QuicMuxer(limits);
        KeyManager keys = local.certificate().keyManager();
        this.client = QuicSslContextBuilder.forClient()
                .keyManager(keys, null)
                .trustManager(local.trustManager(refusals::put))
                // Netty checks host names otherwise, and peers have none
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols(TlsIdentity.LIBP2P)
                .earlyData(false)
                .build();
        this.server = QuicSslContextBuilder.forServer(keys, null)
                .trustManager(local.trustManager(refusals::put))
                .clientAuth(ClientAuth.REQUIRE)
                .applicationProtocols(TlsIdentity.LIBP2P)
                .earlyData(false)
                .build();
    }

    /** Returns why this machine cannot do QUIC, such as a missing library; empty if it can. */
    public static Optional<Throwable> unavailabilityCause() {
        return Optional.ofNullable(Quic.unavailabilityCause());
    }

    /**
     * Creates the first handler of a connection, which authenticates its remote peer.
     *
     * @param expected the dialled peer; null for the listener
     * @param timeout limit from the first packet to the authentication
     * @param listener receives the result
     */
    QuicHandshake handshake(@Nullable PeerId expected, Duration timeout, UpgradeListener listener) {
        return new QuicHandshake(local, refusals, expected, timeout, muxer, listener);
    }

    private <B extends QuicCodecBuilder<B>> B configure(B codec) {
        return codec.maxIdleTimeout(QuicLimits.IDLE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .initialMaxData(QuicLimits.CONNECTION_WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalLocal(QuicLimits.STREAM_WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalRemote(QuicLimits.STREAM_WINDOW_BYTES)
                .initialMaxStreamsBidirectional(limits.maxInboundStreams())
                .initialMaxStreamsUnidirectional(0)
                .activeMigration(false);
    }

    /**
     * Creates the handler of a UDP socket that accepts connections.
     *
     * @param tokens asks remote peers to prove their address
     * @param handshakes makes the first handler of each connection
     */
    ChannelHandler listener(QuicTokenHandler tokens, Supplier<ChannelHandler> handshakes) {
        return configure(new QuicServerCodecBuilder())
                .sslContext(server)
                .tokenHandler(tokens)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel channel) {
                        channel.pipeline().addLast(handshakes.get());
                    }
                })
                .streamHandler(new StreamAcceptor())
                .build();
    }

    /** Creates the handler of a UDP socket that dials. */
    ChannelHandler dialer() {
        return configure(new QuicClientCodecBuilder())
                .sslEngineProvider(this::newClientEngine)
                .build();
    }

    private QuicSslEngine newClientEngine(QuicChannel channel) {
        QuicSslEngine engine = client.newEngine(channel.alloc());
        PeerId expected = channel.attr(EXPECTED).get();
        if (expected != null) {
            local.expect(engine, expected);
        }
        return engine;
    }

    /** Returns the attribute of the peer that a connection is to reach. */
    static AttributeKey<PeerId> expected() {
        return EXPECTED;
    }

    /** First handler of each inbound stream. */
    @ChannelHandler.Sharable
    static final class StreamAcceptor extends ChannelInitializer<QuicStreamChannel> {
        @Override
        protected void initChannel(QuicStreamChannel stream) {
            QuicConnection connection =
                    stream.parent().attr(QuicConnection.ATTRIBUTE).get();
            if (connection == null) {
                throw new IllegalStateException("stream before its connection is authenticated");
            }
            connection.accept(stream);
        }
    }
}

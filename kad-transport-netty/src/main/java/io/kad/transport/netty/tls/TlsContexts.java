package io.kad.transport.netty.tls;

import io.kad.api.id.PeerId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * BoringSSL with the certificate of one transport: TLS 1.3 alone, both peers show a certificate, no session is resumed, and the muxer is agreed
 * on by ALPN if both peers can. Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/inlined-muxer-negotiation.md">Early muxer negotiation</a>
 */
public final class TlsContexts implements AutoCloseable {

    private static final String PROTOCOL = "TLSv1.3";

    /**
     * Time that a close waits until the socket has taken the alert that says so. A peer that does not read is closed for what it holds, which is
     * therefore held no longer. Source: kad's choice.
     */
    static final int CLOSE_TIMEOUT_MILLIS = 100;

    private final TlsIdentity local;
    private final List<String> muxers;
    private final SslContext client;
    private final SslContext server;

    private TlsContexts(TlsIdentity local, List<String> muxers, SslContext client, SslContext server) {
        this.local = local;
        this.muxers = muxers;
        this.client = client;
        this.server = server;
    }

    /** Returns why this machine cannot do TLS, such as a missing library; empty if it can. */
    public static Optional<Throwable> unavailabilityCause() {
        return Optional.ofNullable(OpenSsl.unavailabilityCause());
    }

    /**
     * Creates the contexts of a transport.
     *
     * @param muxers stream muxers to offer, in order of preference
     * @throws IllegalStateException if this machine cannot do TLS
     */
    public static TlsContexts create(TlsIdentity local, List<String> muxers) {
        // Encodes the key for BoringSSL once, not for each handshake
        KeyManagerFactory keys = new OpenSslCachingX509KeyManagerFactory(
                new KeyManagerFactoryWrapper(local.certificate().keyManager()));
        SslContext client = null;
        try {
            client = build(
                    SslContextBuilder.forClient()
                            .keyManager(keys)
                            // Netty checks host names otherwise, and peers have none
                            .endpointIdentificationAlgorithm(null),
                    local,
                    muxers);
            SslContext server = build(SslContextBuilder.forServer(keys).clientAuth(ClientAuth.REQUIRE), local, muxers);
            return new TlsContexts(local, List.copyOf(muxers), client, server);
        } catch (SSLException | RuntimeException e) {
            ReferenceCountUtil.release(client);
            throw new IllegalStateException("cannot use TLS on this machine: " + e.getMessage(), e);
        }
    }

    private static SslContext build(SslContextBuilder builder, TlsIdentity local, List<String> muxers)
            throws SSLException {
        SslContext context = builder.sslProvider(SslProvider.OPENSSL_REFCNT)
                .protocols(PROTOCOL)
                .trustManager(local.trustManager())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        Stream.concat(muxers.stream(), Stream.of(TlsIdentity.LIBP2P))
                                .toList()))
                .build();
        ((OpenSslSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
        return context;
    }

    /** Returns the local side of every handshake. */
    TlsIdentity local() {
        return local;
    }

    /**
     * Creates the handler that encrypts one connection.
     *
     * @param expected the dialled peer; null for the listener
     */
    SslHandler newHandler(ByteBufAllocator allocator, @Nullable PeerId expected) {
        SslHandler handler = (expected == null ? server : client).newHandler(allocator);
        if (expected != null) {
            local.expect(handler.engine(), expected);
        }
        handler.setHandshakeTimeoutMillis(0); // the whole upgrade has a timeout
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_TIMEOUT_MILLIS);
        return handler;
    }

    /**
     * Returns the muxer that a finished handshake has chosen; empty if it must still be negotiated.
     *
     * @throws TlsException if the peers have no application protocol in common, which BoringSSL lets pass
     */
    Optional<String> muxer(SslHandler handler) throws TlsException {
        String chosen = handler.applicationProtocol();
        if (TlsIdentity.LIBP2P.equals(chosen)) {
            return Optional.empty();
        } else if (chosen != null && muxers.contains(chosen)) {
            return Optional.of(chosen);
        }
        throw new TlsException(
                TlsException.Reason.NO_COMMON_PROTOCOL,
                "no common application protocol: the local peer offers " + muxers + " and " + TlsIdentity.LIBP2P);
    }

    /** Releases the memory of BoringSSL once the last connection has closed. */
    @Override
    public void close() {
        ReferenceCountUtil.release(client);
        ReferenceCountUtil.release(server);
    }
}

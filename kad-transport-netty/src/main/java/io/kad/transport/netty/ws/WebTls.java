package io.kad.transport.netty.ws;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the web, in which WebSocket may be: a listener shows a certificate for its host name, and a dialer checks it. It says nothing about the
 * peer, which libp2p authenticates inside. Thread-safe.
 */
public final class WebTls {

    private final String trusted;
    private final Optional<SslContext> server;
    private final Executor checks;

    private @Nullable SslContext client;

    private WebTls(String trusted, Optional<SslContext> server, Executor checks) {
        this.checks = checks;
        this.trusted = trusted;
        this.server = server;
    }

    /**
     * Reads the files that {@code config} names.
     *
     * @param checks runs the steps of handshakes that cost much, such as the check of a certificate; may reject one, which fails the handshake
     * @throws IllegalArgumentException with a message for people, if one of them can't be used
     */
    public static WebTls of(KademliaConfig config, Executor checks) {
        String trusted = config.get(TransportOptions.WS_TRUST);
        String certificate = config.get(TransportOptions.WS_CERT);
        String key = config.get(TransportOptions.WS_KEY);
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException(TransportOptions.WS_CERT.name() + " and "
                    + TransportOptions.WS_KEY.name() + " belong together: set both, to listen on /tls/ws, or none");
        }
        Optional<SslContext> server = key.isEmpty()
                ? Optional.empty()
                : Optional.of(reading(
                        TransportOptions.WS_CERT.name() + " or " + TransportOptions.WS_KEY.name(),
                        certificate + ", " + key,
                        () -> build(SslContextBuilder.forServer(new File(certificate), new File(key)))));
        WebTls tls = new WebTls(trusted, server, checks);
        if (!trusted.isEmpty()) {
            tls.client(); // so that a file that can't be used is told at once
        }
        return tls;
    }

    /** Returns the trust in the certificates of a file, or in those of the Java runtime if there is none. */
    private static TrustManager trust(String file) throws SSLException {
        try {
            KeyStore roots = null; // those of the runtime
            if (!file.isEmpty()) {
                roots = KeyStore.getInstance(KeyStore.getDefaultType());
                roots.load(null, null);
                try (InputStream in = Files.newInputStream(Path.of(file))) {
                    for (Certificate root :
                            CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                        roots.setCertificateEntry("root-" + roots.size(), root);
                    }
                }
                if (roots.size() == 0) {
                    throw new IOException("no certificate");
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(roots);
            return new ChainLimits((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new SSLException(e);
        }
    }

    /** Source of a value that is read from a file. */
    private interface Source<T> {
        T get() throws SSLException;
    }

    private static <T> T reading(String option, String file, Source<T> source) {
        try {
            return source.get();
        } catch (SSLException | IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalArgumentException(
                    option + ": cannot use " + file + ": " + cause.getMessage() + "; expected a file in PEM", e);
        }
    }

    private static SslContext build(SslContextBuilder builder) throws SSLException {
        SslContext context = builder.sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.2", "TLSv1.3")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        List.of(ApplicationProtocolNames.HTTP_1_1)))
                .build();
        disableSessions(context.sessionContext());
        return context;
    }

    /**
     * Lets no session be resumed: each would be kept in memory for whoever connects once, and a dialer would be known again by its session. The
     * provider of Java can only be told to keep one, for a second.
     */
    private static void disableSessions(SSLSessionContext sessions) {
        if (sessions instanceof OpenSslSessionContext openSsl) {
            openSsl.setSessionCacheEnabled(false);
        } else {
            sessions.setSessionCacheSize(1);
            sessions.setSessionTimeout(1);
        }
    }

    /** Returns the context of dialers, made for the first of them: most peers dial no such address, and the roots of the runtime take time and memory. */
    private synchronized SslContext client() {
        SslContext made = client;
        if (made == null) {
            made = reading(
                    TransportOptions.WS_TRUST.name(),
                    trusted,
                    () -> build(SslContextBuilder.forClient()
                            .endpointIdentificationAlgorithm("HTTPS")
                            .trustManager(trust(trusted))));
            client = made;
        }
        return made;
    }

    /** Returns whether there is a certificate to listen with. */
    boolean canListen() {
        return server.isPresent();
    }

    /** Creates the handler of an outbound connection, which checks that the certificate is for {@code host}. */
    SslHandler dialer(ByteBufAllocator allocator, String host, int port) {
        return configured(client().newHandler(allocator, host, port, checks));
    }

    /** Creates the handler of an inbound connection. */
    SslHandler listener(ByteBufAllocator allocator) {
        return configured(server.orElseThrow().newHandler(allocator, checks));
    }

    private static SslHandler configured(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(0); // the whole upgrade has a timeout
        handler.setCloseNotifyFlushTimeoutMillis(WebSocketLimits.CLOSE_TIMEOUT_MILLIS);
        return handler;
    }
}

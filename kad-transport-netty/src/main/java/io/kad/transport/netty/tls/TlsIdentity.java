package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.INTERNAL;
import static io.kad.transport.netty.tls.TlsException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.tls.TlsException.Reason.MALFORMED;
import static io.kad.transport.netty.tls.TlsException.Reason.OVERLOADED;
import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.stream.SignatureChecks;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Local side of every handshake of TLS and of QUIC of one transport: its certificate, and the rules for those of remote peers.
 *
 * <p>A certificate is checked twice. During the handshake {@link #trustManager()} checks everything but the signatures, so that most mistakes
 * end in an alert and a dialer reveals nothing to another peer than the one that it has dialled. After it {@link #authenticate} checks the
 * certificate of the session as a whole, off the event loop: a resumed session does not ask the trust manager. Thread-safe.
 */
public final class TlsIdentity {

    /** Application protocol (ALPN) of libp2p: over QUIC, and over TCP that of a peer that negotiates the muxer after the handshake. */
    public static final String LIBP2P = "libp2p";

    private final PeerId peerId;
    private final LocalCertificate certificate;
    private final SignatureChecks checks;
    private final InstantSource clock;

    /** The peer that each engine of a dialer expects, for as long as somebody uses the engine. */
    private final Map<SSLEngine, PeerId> expectedPeers = Collections.synchronizedMap(new WeakHashMap<>());

    private TlsIdentity(PeerId peerId, LocalCertificate certificate, SignatureChecks checks, InstantSource clock) {
        this.peerId = peerId;
        this.certificate = certificate;
        this.checks = checks;
        this.clock = clock;
    }

    /**
     * Makes a certificate.
     *
     * @param identity identity of the local peer; {@code sign} is called once, here
     * @param checks runs the checks of the signatures of remote peers
     * @param clock wall clock, by which certificates are valid
     */
    public static TlsIdentity create(Identity identity, SignatureChecks checks, InstantSource clock) {
        return new TlsIdentity(
                identity.peerId(), LocalCertificate.create(identity, clock.instant()), checks, requireNonNull(clock));
    }

    /** Returns the certificate of the local peer. */
    public LocalCertificate certificate() {
        return certificate;
    }

    /** Returns what checks the certificate of a remote peer during a handshake. It checks no signature. */
    public X509ExtendedTrustManager trustManager() {
        return trustManager((engine, refusal) -> {});
    }

    /**
     * Returns such a trust manager for a library that does not pass on why it has refused a certificate.
     *
     * @param onRefused is told why, with the engine of the handshake
     */
    public X509ExtendedTrustManager trustManager(BiConsumer<SSLEngine, TlsException> onRefused) {
        return new CertificateTrust((chain, engine) -> requireAcceptable(chain, engine, onRefused));
    }

    /** Lets the handshake of {@code engine} fail unless the remote peer claims to be {@code expected}. */
    public void expect(SSLEngine engine, PeerId expected) {
        expectedPeers.put(engine, expected);
    }

    private void requireAcceptable(
            Certificate[] chain, @Nullable SSLEngine engine, BiConsumer<SSLEngine, TlsException> onRefused)
            throws CertificateException {
        try {
            RemoteCertificate remote = decodeOnly(chain);
            remote.requireClaimed(engine == null ? null : expectedPeers.get(engine));
        } catch (TlsException e) {
            if (engine != null) {
                onRefused.accept(engine, e);
            }
            throw new CertificateException(e.getMessage(), e);
        }
    }

    private RemoteCertificate decodeOnly(Certificate[] chain) throws TlsException, CertificateException {
        if (chain.length != 1) {
            throw new TlsException(MALFORMED, "the peer must show one certificate, got " + chain.length);
        }
        return RemoteCertificate.decode(chain[0].getEncoded(), clock.instant());
    }

    /**
     * Authenticates the remote peer of a session whose handshake has finished.
     *
     * @param expected the dialled peer; null for the listener
     * @param loop event loop on which listeners of the result are called
     * @return the remote peer; fails with a {@link TlsException}
     * @throws TlsException if the certificate is not acceptable, or too many checks wait
     */
    public Future<PeerId> authenticate(SSLSession session, @Nullable PeerId expected, EventExecutor loop)
            throws TlsException {
        RemoteCertificate remote = certificateOf(session);
        try {
            return checks.run(remote.isCostly(), () -> remote.authenticate(peerId, expected), loop);
        } catch (RejectedExecutionException e) {
            throw new TlsException(OVERLOADED, "too many signatures of remote peers wait to be checked", e);
        }
    }

    private RemoteCertificate certificateOf(SSLSession session) throws TlsException {
        try {
            return decodeOnly(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            throw new TlsException(MALFORMED, "the peer has shown no certificate", e);
        } catch (CertificateException e) {
            throw new TlsException(INTERNAL, "cannot read the certificate of the peer: " + e.getMessage(), e);
        }
    }

    /**
     * Returns {@code cause} as the failure of any security protocol, with the channel binding if it has reached the local identity.
     *
     * @param session session of the handshake; null if there is none yet
     * @param dialled whether the local peer dialled
     */
    public HandshakeException failure(TlsException cause, @Nullable SSLSession session, boolean dialled) {
        return cause.toHandshakeException(
                cause.reason() == LOCAL_PEER && session != null ? channelBinding(session, dialled) : null);
    }

    /**
     * Returns the channel binding of a connection that has reached the local identity: the hash of the certificates of the dialer and of the listener, which
     * both ends know. It tells a connection of a process to itself, where both are the same, from one to another process.
     *
     * @param session session whose handshake has finished
     * @param dialled whether the local peer dialled
     */
    private Bytes channelBinding(SSLSession session, boolean dialled) {
        try {
            Bytes local = certificate.encoded();
            Bytes remote = certificateOf(session).encoded();
            return Multihash.sha256(dialled ? Bytes.concat(local, remote) : Bytes.concat(remote, local))
                    .bytes();
        } catch (TlsException impossible) {
            throw new AssertionError("the certificate was read before", impossible);
        }
    }
}

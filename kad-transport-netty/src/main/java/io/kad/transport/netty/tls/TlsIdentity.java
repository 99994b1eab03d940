package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.INTERNAL;
import static io.kad.transport.netty.tls.TlsException.Reason.MALFORMED;
import static io.kad.transport.netty.tls.TlsException.Reason.OVERLOADED;
import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.stream.SignatureChecks;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
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

    private final PeerId peerId;
    private final LocalCertificate certificate;
    private final SignatureChecks checks;
    private final InstantSource clock;

    /** The peer that each engine of a dialer expects, for as long as somebody uses the engine. */
    private final Map<SSLEngine, PeerId> expectedPeers = Collections.synchronizedMap(new WeakHashMap<>());

    /** Why the certificate in the handshake of an engine was refused, which the library of QUIC does not pass on. */
    private final Map<SSLEngine, TlsException> refusals = Collections.synchronizedMap(new WeakHashMap<>());

    private final X509ExtendedTrustManager trustManager;

    private TlsIdentity(PeerId peerId, LocalCertificate certificate, SignatureChecks checks, InstantSource clock) {
        this.peerId = peerId;
        this.certificate = certificate;
        this.checks = checks;
        this.clock = clock;
        this.trustManager = new CertificateTrust(this::requireAcceptable);
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
        return trustManager;
    }

    /** Lets the handshake of {@code engine} fail unless the remote peer claims to be {@code expected}. */
    public void expect(SSLEngine engine, PeerId expected) {
        expectedPeers.put(engine, expected);
    }

    private void requireAcceptable(Certificate[] chain, @Nullable SSLEngine engine) throws CertificateException {
        try {
            RemoteCertificate remote = decodeOnly(chain);
            remote.requireClaimed(engine == null ? null : expectedPeers.get(engine));
        } catch (TlsException e) {
            if (engine != null) {
                refusals.put(engine, e);
            }
            throw new CertificateException(e.getMessage(), e);
        }
    }

    /** Returns why {@link #trustManager()} has refused the certificate in the handshake of {@code engine}; empty if it has not. */
    public Optional<TlsException> refusal(SSLEngine engine) {
        return Optional.ofNullable(refusals.get(engine));
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
     * Returns the name of a connection that has reached the local identity: the hash of the certificates of the dialer and of the listener, which
     * both ends know. It tells a connection of a process to itself, where both are the same, from one to another process.
     *
     * @param session session whose handshake has finished
     * @param dialled whether the local peer dialled
     */
    public Bytes connectionName(SSLSession session, boolean dialled) {
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

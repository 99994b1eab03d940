package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.Security;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.noise.NoiseSecurity;
import io.kad.transport.netty.security.SecurityProtocol;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.tls.TlsContexts;
import io.kad.transport.netty.tls.TlsIdentity;
import io.kad.transport.netty.tls.TlsSecurity;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Security protocols that a transport offers over TCP, with what they hold until it is closed. */
final class SecurityProtocols implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SecurityProtocols.class);

    private static final AtomicBoolean REPORTED_MISSING = new AtomicBoolean();

    private final List<SecurityProtocol> protocols;
    private final @Nullable TlsContexts tls;

    private SecurityProtocols(List<SecurityProtocol> protocols, @Nullable TlsContexts tls) {
        this.protocols = protocols;
        this.tls = tls;
    }

    /**
     * Creates the security protocols of a transport. TLS is left out where its library is missing, which one log line of the process
     * says, unless it is the only one.
     *
     * @param muxers muxers to offer in a handshake, in order of preference
     * @param certificate identity of the local peer for TLS; called at most once
     * @throws IllegalStateException if none is left
     */
    static SecurityProtocols of(
            KademliaConfig config,
            Identity identity,
            List<Muxer> muxers,
            SignatureChecks checks,
            LimitCounters counters,
            Supplier<TlsIdentity> certificate) {
        return of(config, identity, muxers, checks, counters, certificate, TlsContexts::unavailabilityCause);
    }

    static SecurityProtocols of(
            KademliaConfig config,
            Identity identity,
            List<Muxer> muxers,
            SignatureChecks checks,
            LimitCounters counters,
            Supplier<TlsIdentity> certificate,
            Supplier<Optional<Throwable>> tlsIsMissing) {
        List<Security> wanted = config.get(TransportOptions.SECURITY);
        List<String> offered = muxers.stream().map(Muxer::protocol).toList();
        Duration messageTimeout = config.get(TransportOptions.MESSAGE_TIMEOUT);
        Map<Security, SecurityProtocol> made = new EnumMap<>(Security.class);
        if (wanted.contains(Security.NOISE)) {
            made.put(
                    Security.NOISE,
                    new NoiseSecurity(NoiseIdentity.create(identity, offered, checks), messageTimeout, counters));
        }
        // Last, as its memory is not released if something else fails
        TlsContexts tls = null;
        if (wanted.contains(Security.TLS) && isThere(tlsIsMissing.get(), wanted)) {
            tls = TlsContexts.create(certificate.get(), offered);
            made.put(Security.TLS, new TlsSecurity(tls, messageTimeout, counters));
        }
        return new SecurityProtocols(
                wanted.stream().filter(made::containsKey).map(made::get).toList(), tls);
    }

    /** Returns whether TLS can be offered; says so if it cannot. */
    private static boolean isThere(Optional<Throwable> tlsIsMissing, List<Security> wanted) {
        if (tlsIsMissing.isPresent() && wanted.size() == 1) {
            throw new IllegalStateException(
                    "cannot use TLS: add netty-tcnative-boringssl-static of this platform, or set "
                            + TransportOptions.SECURITY.name() + " to noise; the cause is " + tlsIsMissing.get(),
                    tlsIsMissing.get());
        }
        tlsIsMissing.ifPresent(SecurityProtocols::reportMissing);
        return tlsIsMissing.isEmpty();
    }

    private static void reportMissing(Throwable cause) {
        if (!REPORTED_MISSING.getAndSet(true)) {
            LOG.info(
                    "TLS is not offered: netty-tcnative-boringssl-static of this platform is missing ({})",
                    cause.getMessage());
        }
    }

    /** Returns the protocols in order of preference: a dialer proposes them one after the other, a listener accepts each of them. */
    List<SecurityProtocol> protocols() {
        return protocols;
    }

    /** Releases the memory of TLS once the last connection has closed. */
    @Override
    public void close() {
        if (tls != null) {
            tls.close();
        }
    }
}

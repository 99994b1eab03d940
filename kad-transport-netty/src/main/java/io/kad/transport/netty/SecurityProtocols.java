package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.noise.NoiseSecurity;
import io.kad.transport.netty.security.SecurityProtocol;
import io.kad.transport.netty.stream.SignatureChecks;
import java.util.List;

/** Security protocols that a transport offers. */
final class SecurityProtocols {

    private SecurityProtocols() {}

    /**
     * Returns the security protocols in order of preference: a dialer proposes them one after the other, a listener accepts each of them.
     *
     * @param muxers muxers to offer in a handshake, in order of preference
     */
    static List<SecurityProtocol> of(
            KademliaConfig config,
            Identity identity,
            List<Muxer> muxers,
            SignatureChecks checks,
            LimitCounters counters) {
        List<String> offered = muxers.stream().map(Muxer::protocol).toList();
        return List.of(new NoiseSecurity(
                NoiseIdentity.create(identity, offered, checks),
                config.get(TransportOptions.MESSAGE_TIMEOUT),
                counters));
    }
}

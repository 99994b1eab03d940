package io.kad.transport.netty.support;

import io.kad.api.TransportOptions;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.noise.NoiseSecurity;
import io.kad.transport.netty.security.SecurityProtocol;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;

/** Connection upgrades by Noise. */
public final class TestUpgrades {

    /** Timeout of the upgrades, the default of the option. */
    public static final Duration TIMEOUT = TransportOptions.UPGRADE_TIMEOUT.defaultValue();

    private TestUpgrades() {}

    /** Returns the upgrade of a peer that offers the muxer with the ID of Yamux; the test installs a muxer itself. */
    public static ConnectionUpgrade of(NoiseIdentity identity, Duration timeout) {
        return new ConnectionUpgrade(List.of(noise(identity)), List.of(muxer("/yamux/1.0.0")), timeout);
    }

    /** Returns the upgrade with the timeout of the option. */
    public static ConnectionUpgrade of(NoiseIdentity identity) {
        return of(identity, TIMEOUT);
    }

    /** Returns Noise with an identity. */
    public static SecurityProtocol noise(NoiseIdentity identity) {
        return new NoiseSecurity(identity, Duration.ofMinutes(1), new LimitCounters());
    }

    /** Returns a muxer that can be agreed on, and not installed. */
    public static Muxer muxer(String protocol) {
        return new NamedMuxer(protocol);
    }

    private record NamedMuxer(String protocol) implements Muxer {

        @Override
        public String name() {
            return protocol;
        }

        @Override
        public MuxedConnection install(
                Channel secured, boolean dialled, ChannelHandler inbound, ConnectionBudget budget) {
            throw new UnsupportedOperationException();
        }
    }
}

package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * The upgrade of raw connections: multistream-select to {@code /noise}, the Noise handshake, then the choice of a stream muxer,
 * in the handshake itself if the remote can, by multistream-select otherwise.
 *
 * <p>From the moment a connection is established it has one time limit for all of this; until the remote is authenticated it
 * may send 16 KiB at most. Whatever goes wrong, the channel is closed. Thread-safe; the methods are called on the event loop of
 * the channel, typically from a {@code ChannelInitializer}, before or after it is connected.
 */
public final class ConnectionUpgrade {

    /** The time an upgrade takes at most, unless told otherwise: 10 seconds, as in rust and js. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final NoiseIdentity local;
    private final Duration timeout;

    /**
     * Makes an upgrade with the usual time limit.
     *
     * @param local who this peer is, and the muxers it offers
     */
    public ConnectionUpgrade(NoiseIdentity local) {
        this(local, TIMEOUT);
    }

    /**
     * Makes an upgrade.
     *
     * @param local who this peer is, and the muxers it offers; at least one
     * @param timeout the time from established to upgraded; positive
     */
    public ConnectionUpgrade(NoiseIdentity local, Duration timeout) {
        this.local = requireNonNull(local, "local");
        this.timeout = requireNonNull(timeout, "timeout");
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("the timeout is not positive: " + timeout);
        }
        if (local.muxers().isEmpty()) {
            throw new IllegalArgumentException("no stream muxer to offer");
        }
    }

    /** Upgrades a connection that a remote opened. */
    public void accept(Channel channel, UpgradeListener listener) {
        UpgradeGuard guard = new UpgradeGuard(requireNonNull(listener, "listener"), timeout);
        channel.pipeline().addLast(guard);
        new InboundUpgrade(local, guard).begin(channel);
    }

    /**
     * Upgrades a connection that this side opened.
     *
     * @param expected who was dialled; anyone else is refused
     */
    public void dial(Channel channel, PeerId expected, UpgradeListener listener) {
        UpgradeGuard guard = new UpgradeGuard(requireNonNull(listener, "listener"), timeout);
        channel.pipeline().addLast(guard);
        new OutboundUpgrade(local, requireNonNull(expected, "expected"), guard).begin(channel);
    }
}

package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * Upgrade of raw connections: multistream-select to {@code /noise}, the Noise handshake, then the selection of a stream
 * muxer, in the handshake if the remote peer supports that, otherwise by multistream-select.
 *
 * <p>One timeout covers the whole upgrade, from the moment the connection is established. Until the remote peer is
 * authenticated it may send at most 16 KiB. After any failure the channel is closed. May be shared by event loops; the methods must be
 * called on that of the channel, typically from a {@code ChannelInitializer}, before or after it is connected.
 */
public final class ConnectionUpgrade {

    /** Timeout of an upgrade. Default: 10 s (rust-libp2p, js-libp2p). */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final NoiseIdentity local;
    private final Duration timeout;

    /**
     * Creates an upgrade with the default timeout.
     *
     * @param local identity of the local peer and its stream muxers; at least one
     */
    public ConnectionUpgrade(NoiseIdentity local) {
        this(local, TIMEOUT);
    }

    /**
     * Creates an upgrade.
     *
     * @param local identity of the local peer and its stream muxers; at least one
     * @param timeout limit from established to upgraded; must be positive
     */
    public ConnectionUpgrade(NoiseIdentity local, Duration timeout) {
        this.local = requireNonNull(local, "local");
        this.timeout = requireNonNull(timeout, "timeout");
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be positive, got " + DurationText.of(timeout));
        }
        if (local.muxers().isEmpty()) {
            throw new IllegalArgumentException("missing stream muxer: at least one is required");
        }
    }

    /** Upgrades an inbound connection. */
    public void accept(Channel channel, UpgradeListener listener) {
        UpgradeGuard guard = new UpgradeGuard(requireNonNull(listener, "listener"), timeout);
        channel.pipeline().addLast(guard);
        new InboundUpgrade(local, guard).begin(channel);
    }

    /**
     * Upgrades an outbound connection.
     *
     * @param expected the dialled peer; any other is refused
     */
    public void dial(Channel channel, PeerId expected, UpgradeListener listener) {
        UpgradeGuard guard = new UpgradeGuard(requireNonNull(listener, "listener"), timeout);
        channel.pipeline().addLast(guard);
        new OutboundUpgrade(local, requireNonNull(expected, "expected"), guard).begin(channel);
    }
}

package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Upgrade of raw connections: multistream-select to a security protocol, its handshake, then the selection of a stream muxer, in the handshake if
 * the remote peer supports that, otherwise by multistream-select.
 *
 * <p>One timeout covers the whole upgrade, from the moment the connection is established. Until the remote peer is
 * authenticated it may send at most 16 KiB. After any failure the channel is closed. May be shared by event loops; the methods must be
 * called on that of the channel, typically from a {@code ChannelInitializer}, before or after it is connected.
 */
public final class ConnectionUpgrade {

    private final List<SecurityProtocol> securities;
    private final List<Muxer> muxers;
    private final Duration timeout;

    /**
     * Creates an upgrade.
     *
     * @param securities security protocols in order of preference; at least one
     * @param muxers stream muxers in order of preference; at least one
     * @param timeout limit from established to upgraded; must be positive
     */
    public ConnectionUpgrade(List<SecurityProtocol> securities, List<Muxer> muxers, Duration timeout) {
        this.securities = List.copyOf(securities);
        this.muxers = List.copyOf(muxers);
        this.timeout = requireNonNull(timeout, "timeout");
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be positive, got " + DurationText.of(timeout));
        }
        if (this.securities.isEmpty()) {
            throw new IllegalArgumentException("missing security protocol: at least one is required");
        }
        if (this.muxers.isEmpty()) {
            throw new IllegalArgumentException("missing stream muxer: at least one is required");
        }
    }

    /**
     * Returns why a connection was closed whose upgrade had been reported as done: the remote peer has refused the muxer that was proposed last.
     * Empty for any other connection.
     */
    public static Optional<UpgradeException> lateFailure(Channel channel) {
        return Optional.ofNullable(channel.attr(UpgradeGuard.LATE_FAILURE).get());
    }

    /** Upgrades an inbound connection. */
    public void accept(Channel channel, UpgradeListener listener) {
        begin(channel, new ListenerSide(), listener);
    }

    /**
     * Upgrades an outbound connection.
     *
     * @param expected the dialled peer; any other is refused
     */
    public void dial(Channel channel, PeerId expected, UpgradeListener listener) {
        begin(channel, new DialerSide(requireNonNull(expected, "expected")), listener);
    }

    private void begin(Channel channel, UpgradeSide side, UpgradeListener listener) {
        UpgradeGuard guard = new UpgradeGuard(requireNonNull(listener, "listener"), timeout);
        channel.pipeline().addLast(guard);
        new UpgradeSteps(securities, muxers, side, guard).begin(channel);
    }
}

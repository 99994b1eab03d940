package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.psk.PreSharedKey;
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
    private final Optional<PreSharedKey> psk;

    /**
     * Creates an upgrade.
     *
     * @param securities security protocols in order of preference; at least one
     * @param muxers stream muxers in order of preference; at least one
     * @param timeout limit from established to upgraded; must be positive
     */
    public ConnectionUpgrade(List<SecurityProtocol> securities, List<Muxer> muxers, Duration timeout) {
        this(securities, muxers, timeout, Optional.empty());
    }

    /**
     * Creates an upgrade in a private network.
     *
     * @param securities security protocols in order of preference; at least one
     * @param muxers stream muxers in order of preference; at least one
     * @param timeout limit from established to upgraded; must be positive
     * @param psk key of the network, by which all bytes are encrypted; empty if it is not private
     */
    public ConnectionUpgrade(
            List<SecurityProtocol> securities, List<Muxer> muxers, Duration timeout, Optional<PreSharedKey> psk) {
        this.psk = psk;
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

    /** Returns whether the network is private, so that the first bytes of a connection are random. */
    public boolean isPrivate() {
        return psk.isPresent();
    }

    /**
     * Returns why a connection was closed whose upgrade had been reported as done: the remote peer has refused the muxer that was proposed last.
     * Empty for any other connection.
     */
    public static Optional<UpgradeException> lateFailure(Channel channel) {
        return Optional.ofNullable(channel.attr(UpgradeGuard.LATE_FAILURE).get());
    }

    /** Upgrades an inbound connection. */
    public void upgradeInbound(Channel channel, UpgradeListener listener) {
        prepareInbound(channel, listener).run();
    }

    /**
     * Prepares the upgrade of an inbound connection whose bytes are not those of libp2p yet, because handlers before it have a handshake of their
     * own. Its timeout begins now, and an exception that reaches the end of the pipeline is its failure.
     *
     * @return begins the upgrade; does nothing after it has failed
     */
    public Runnable prepareInbound(Channel channel, UpgradeListener listener) {
        return prepare(channel, new ListenerSide(), listener);
    }

    /**
     * Upgrades an outbound connection.
     *
     * @param expected the dialled peer; any other is refused
     */
    public void upgradeOutbound(Channel channel, PeerId expected, UpgradeListener listener) {
        prepareOutbound(channel, expected, listener).run();
    }

    /** Prepares the upgrade of an outbound connection as {@link #prepareInbound} does. */
    public Runnable prepareOutbound(Channel channel, PeerId expected, UpgradeListener listener) {
        return prepare(channel, new DialerSide(requireNonNull(expected, "expected")), listener);
    }

    private Runnable prepare(Channel channel, UpgradeSide side, UpgradeListener listener) {
        UpgradeGuard guard = new UpgradeGuard(requireNonNull(listener, "listener"), timeout);
        psk.ifPresent(key -> channel.pipeline().addLast(key.newHandler()));
        channel.pipeline().addLast(guard);
        return () -> {
            if (!guard.isCompleted()) {
                new UpgradeSteps(securities, muxers, side, guard).begin(channel);
            }
        };
    }
}

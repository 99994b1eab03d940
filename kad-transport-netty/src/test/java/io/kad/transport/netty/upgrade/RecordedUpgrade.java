package io.kad.transport.netty.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.support.Sink;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** Listener that records the result of an upgrade, and installs a sink in place of a muxer. */
final class RecordedUpgrade implements UpgradeListener {
    private final List<UpgradedConnection> secured = new ArrayList<>();
    private final List<UpgradeException> failed = new ArrayList<>();
    private final Sink sink = new Sink();

    @Override
    public void onUpgraded(UpgradedConnection connection) {
        secured.add(connection);
        connection.channel().pipeline().addLast(sink);
    }

    @Override
    public void onUpgradeFailed(Channel channel, UpgradeException cause) {
        failed.add(cause);
    }

    UpgradedConnection connection() {
        assertThat(failed).isEmpty();
        assertThat(secured).hasSize(1);
        return secured.get(0);
    }

    void assertUpgraded(Channel channel, boolean dialled, PeerId peer, String security, String muxer) {
        UpgradedConnection connection = connection();
        assertThat(connection.channel()).isSameAs(channel);
        assertThat(connection.dialled()).isEqualTo(dialled);
        assertThat(connection.peer()).isEqualTo(peer);
        assertThat(connection.security()).isEqualTo(security);
        assertThat(connection.muxer().protocol()).isEqualTo(muxer);
    }

    UpgradeException assertFailed(UpgradeException.Reason reason) {
        assertThat(secured).isEmpty();
        assertThat(failed).extracting(UpgradeException::reason).containsExactly(reason);
        return failed.get(0);
    }

    void assertPending() {
        assertThat(calls()).isZero();
    }

    int calls() {
        return secured.size() + failed.size();
    }

    int failures() {
        return failed.size();
    }

    Sink sink() {
        return sink;
    }
}

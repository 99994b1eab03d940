package io.kad.transport.netty.support;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Listener that accepts all connections, or none, and records what it is told. Thread-safe. */
public final class RecordedUpgrades implements AcceptListener {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile boolean accepts = true;

    /** Accepts no connection from now on. */
    public void refuse() {
        accepts = false;
    }

    /** Returns the calls so far, in order. */
    public List<String> calls() {
        return calls;
    }

    @Override
    public boolean tryAccept(Channel connection, Multiaddr remote) {
        calls.add("accept");
        return accepts;
    }

    @Override
    public boolean tryAcceptUpgraded(Channel connection, Multiaddr remote) {
        calls.add("accept upgraded");
        return accepts;
    }

    @Override
    public void onUpgradeAdvanced(Channel connection) {
        calls.add("advanced");
    }

    @Override
    public void onSecurityAgreed(Channel connection) {
        calls.add("security agreed");
    }

    @Override
    public void onInboundConnection(UpgradedConnection connection, Multiaddr remote, String transport) {
        calls.add("upgraded");
    }

    @Override
    public void onInboundFailed(Channel connection, Multiaddr remote, UpgradeException cause) {
        calls.add("failed");
    }

    @Override
    public void onLocalIdentity(Multiaddr local, Multiaddr remote, Bytes channelBinding) {}
}

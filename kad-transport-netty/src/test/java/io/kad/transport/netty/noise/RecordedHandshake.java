package io.kad.transport.netty.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.support.Sink;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** Listener that records the result of a handshake and the bytes of the secured channel. */
final class RecordedHandshake implements HandshakeListener {
    private final List<SecuredPeer> secured = new ArrayList<>();
    private final List<NoiseException> failed = new ArrayList<>();
    private final Sink sink = new Sink();

    @Override
    public void onIdentityCheckStarted() {
        assertPending();
    }

    @Override
    public void onSecured(Channel channel, SecuredPeer peer) {
        secured.add(peer);
        channel.pipeline().addLast(sink);
    }

    @Override
    public void onHandshakeFailed(Channel channel, HandshakeException cause) {
        failed.add((NoiseException) cause.getCause());
    }

    SecuredPeer session() {
        assertThat(failed).isEmpty();
        assertThat(secured).hasSize(1);
        return secured.get(0);
    }

    void assertFailed(NoiseException.Reason reason) {
        assertThat(secured).isEmpty();
        assertThat(failed).extracting(NoiseException::reason).containsExactly(reason);
    }

    void assertPending() {
        assertThat(calls()).isZero();
    }

    int calls() {
        return secured.size() + failed.size();
    }

    byte[] received() {
        return sink.received();
    }
}

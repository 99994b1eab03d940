package io.kad.transport.netty.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.support.Sink;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Listener that records the result of a handshake and the bytes of the secured channel. */
final class RecordedTls implements HandshakeListener {
    private final List<PeerId> peers = new ArrayList<>();
    private final List<Optional<String>> muxers = new ArrayList<>();
    private final List<TlsException> failed = new ArrayList<>();
    private final Sink sink = new Sink();
    private Optional<Bytes> name = Optional.empty();

    @Override
    public void onIdentityCheckStarted() {
        assertPending();
    }

    @Override
    public void onSecured(Channel channel, SecuredPeer peer) {
        peers.add(peer.id());
        muxers.add(peer.muxer());
        channel.pipeline().addLast(sink);
    }

    @Override
    public void onHandshakeFailed(Channel channel, HandshakeException cause) {
        failed.add((TlsException) cause.getCause());
        name = cause.channelBinding();
    }

    /** Returns the name of a connection that has reached the local identity. */
    Bytes name() {
        return name.orElseThrow();
    }

    void assertSecured(PeerId remote, @Nullable String muxer) {
        assertThat(failed).isEmpty();
        assertThat(peers).containsExactly(remote);
        assertThat(muxers).containsExactly(Optional.ofNullable(muxer));
    }

    void assertFailed(TlsException.Reason reason) {
        assertThat(peers).isEmpty();
        assertThat(failed)
                .singleElement()
                .satisfies(cause ->
                        assertThat(cause.reason()).as(cause.getMessage()).isEqualTo(reason));
    }

    void assertPending() {
        assertThat(peers).isEmpty();
        assertThat(failed).isEmpty();
    }

    byte[] received() {
        return sink.received();
    }
}

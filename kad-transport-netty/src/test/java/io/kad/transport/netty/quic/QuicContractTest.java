package io.kad.transport.netty.quic;

import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxerContractTest;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The contract of muxers, for QUIC. */
class QuicContractTest extends MuxerContractTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);

    private final Loopback loopback = new Loopback(group);

    @Override
    protected long largestCode() {
        return Integer.MAX_VALUE; // Netty takes an int
    }

    @Override
    protected Ends connect(End dialler, End listener) throws Exception {
        QuicLimits limits = new QuicLimits(
                128,
                256,
                1000,
                Duration.ofSeconds(60),
                1 << 30,
                Duration.ofSeconds(60),
                4096,
                Duration.ofSeconds(10),
                QuicLimits.DEFAULTS.closeTimeout());
        CompletableFuture<MuxedConnection> accepted = new CompletableFuture<>();
        CompletableFuture<MuxedConnection> dialled = new CompletableFuture<>();
        InetSocketAddress address = loopback.listen(
                Loopback.contexts(BOB, limits),
                new RetryTokens(new HalfOpenHandshakes(1, 2)),
                local -> local.handshake(null, Duration.ofSeconds(60), installer(listener, accepted)));
        loopback.dial(Loopback.contexts(ALICE, limits), address, BOB.peerId(), installer(dialler, dialled));
        return new Ends(dialled.get(60, TimeUnit.SECONDS), accepted.get(60, TimeUnit.SECONDS));
    }

    private static UpgradeListener installer(End end, CompletableFuture<MuxedConnection> result) {
        return new UpgradeListener() {
            @Override
            public void onUpgraded(UpgradedConnection connection) {
                result.complete(connection.installMuxer(end.inbound(), end.budget(connection.channel())));
            }

            @Override
            public void onUpgradeFailed(Channel channel, UpgradeException cause) {
                result.completeExceptionally(cause);
            }
        };
    }

    @Override
    protected void disconnect() {
        loopback.close();
    }
}

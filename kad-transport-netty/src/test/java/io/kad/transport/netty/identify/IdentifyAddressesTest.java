package io.kad.transport.netty.identify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.UnsignedVarint;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestMuxedConnection;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.SignedPeerRecord;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses of the local peer a remote peer is told, by where it is. */
class IdentifyAddressesTest {

    private static final TestIdentity LOCAL = new TestIdentity(1);
    private static final List<Multiaddr> ADDRESSES = List.of(
            Multiaddr.parse("/ip4/192.0.2.1/tcp/1"),
            Multiaddr.parse("/ip4/127.0.0.1/tcp/1"),
            Multiaddr.parse("/ip6/::1/tcp/1"));

    private final Identify identify = new Identify(
            new LocalPeer() {
                @Override
                public Identity identity() {
                    return LOCAL;
                }

                @Override
                public Set<String> protocols() {
                    return Set.of(Identify.PROTOCOL);
                }

                @Override
                public List<Multiaddr> addresses() {
                    return ADDRESSES;
                }
            },
            Duration.ofSeconds(10),
            SignatureChecks.inCaller(),
            (connection, identification) -> {});

    @AfterEach
    void nothingLeaks() {
        Wire.assertNothingLeaked();
    }

    /** As go-libp2p does, which is why a peer on the loopback interface is known to go peers there only. */
    @ParameterizedTest
    @CsvSource({"/ip4/127.0.0.1/tcp/2, 3", "/ip6/::1/tcp/2, 3", "/ip4/198.51.100.1/tcp/2, 1"})
    void loopbackAddressesAreForPeersOfThisMachine(String remote, int count) throws Exception {
        EmbeddedChannel channel = Wire.channel();
        ConnectionInfo info = new ConnectionInfo(
                1,
                new TestIdentity(2).peerId(),
                Multiaddr.parse(remote),
                ConnectionInfo.Direction.INBOUND,
                "tcp",
                "noise",
                "yamux",
                0);
        PeerConnection connection = new PeerConnection(
                info, new TestMuxedConnection(channel), Budgets.receive(4 << 20), Budgets.unlimited());
        EmbeddedChannel stream = Wire.channel();
        stream.attr(MuxedStream.ATTRIBUTE).set(new Stream(stream));
        stream.pipeline().addLast(identify.responder(connection));
        channel.runPendingTasks();

        ByteBuffer sent = ByteBuffer.wrap(Wire.sent(stream));
        UnsignedVarint.read(sent);
        IdentifyMessage message = IdentifyMessage.decode(Bytes.copyOf(sent));

        assertThat(message.listenAddresses()).isEqualTo(ADDRESSES.subList(0, count));
        assertThat(message.observedAddress()).contains(Multiaddr.parse(remote));
        assertThat(SignedPeerRecord.open(message.signedPeerRecord().orElseThrow(), LOCAL.peerId())
                        .addresses())
                .isEqualTo(message.listenAddresses());
    }

    /** Stream that sends what is written. */
    private record Stream(EmbeddedChannel channel) implements MuxedStream {

        @Override
        public ChannelFuture writeAndFinish(ByteBuf last) {
            return channel.writeAndFlush(last);
        }

        @Override
        public ChannelFuture finish() {
            return channel.newSucceededFuture();
        }

        @Override
        public boolean isFinished() {
            return true;
        }

        @Override
        public ChannelFuture reset(long code) {
            return channel.close();
        }
    }
}

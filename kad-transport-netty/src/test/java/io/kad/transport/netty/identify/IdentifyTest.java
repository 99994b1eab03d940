package io.kad.transport.netty.identify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.UnsignedVarint;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.Budgets;
import io.kad.transport.netty.support.TestConnectionInfo;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestMuxedConnection;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.SignedPeerRecord;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What identify tells a remote peer, and takes of it. */
class IdentifyTest {

    private static final TestIdentity LOCAL = new TestIdentity(1);
    private static final TestIdentity REMOTE = new TestIdentity(2);
    private static final List<Multiaddr> ADDRESSES = List.of(
            Multiaddr.parse("/ip4/192.0.2.1/tcp/1"),
            Multiaddr.parse("/ip4/127.0.0.1/tcp/1"),
            Multiaddr.parse("/ip6/::1/tcp/1"));

    private final List<PeerIdentification> identified = new ArrayList<>();
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
            (connection, identification) -> identified.add(identification));

    @AfterEach
    void nothingLeaks() {
        Wire.assertNothingLeaked();
    }

    /** As go-libp2p does, which is why a peer on the loopback interface is known to go peers there only. */
    @ParameterizedTest
    @CsvSource({"/ip4/127.0.0.1/tcp/2, 3", "/ip6/::1/tcp/2, 3", "/ip4/198.51.100.1/tcp/2, 1"})
    void loopbackAddressesAreForPeersOfThisMachine(String remote, int count) throws Exception {
        EmbeddedChannel channel = Wire.channel();
        PeerConnection connection = connection(channel, remote);
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

    private static PeerConnection connection(EmbeddedChannel channel, String remote) {
        ConnectionInfo info = TestConnectionInfo.inbound(REMOTE.peerId(), remote);
        return new PeerConnection(
                info, new TestMuxedConnection(channel), Budgets.receive(4 << 20), Budgets.unlimited());
    }

    /** go-libp2p splits what it says of itself when that is more than 2 KiB. */
    @Test
    void aDescriptionInTwoMessagesIsOne() throws Exception {
        EmbeddedChannel channel = Wire.channel();
        PeerConnection connection = connection(channel, "/ip4/127.0.0.1/tcp/2");
        EmbeddedChannel stream = Wire.channel();
        stream.attr(MuxedStream.ATTRIBUTE).set(new Stream(stream));
        stream.pipeline().addLast(identify.pushReceiver(connection));

        Wire.deliver(stream, Wire.join(description("/a", "first"), description("/b", "second")));
        channel.runPendingTasks();
        assertThat(identified).isEmpty();
        stream.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();

        assertThat(identified).singleElement().satisfies(merged -> {
            assertThat(merged.protocols()).containsExactlyInAnyOrder("/a", "/b");
            assertThat(merged.agent()).isEqualTo("second");
        });
    }

    private static byte[] description(String protocol, String agent) throws Exception {
        IdentifyMessage message = new IdentifyMessage(
                Optional.of(REMOTE.publicKey()),
                List.of(),
                Set.of(protocol),
                Optional.empty(),
                "",
                agent,
                Optional.empty());
        return Wire.framed(message.encode().toArray());
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

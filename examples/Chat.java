import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.StreamProtocol;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.wire.key.Ed25519Identity;
import io.netty.channel.*;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.*;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.security.SecureRandom;
import java.time.*;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Two peers that send each other lines of text, beside the Kademlia protocol. */
public class Chat {
    static final String PROTOCOL = "/chat/1.0.0";

    /** Answers each line of the peer that has opened the stream. */
    record Answering(String name) implements StreamProtocol {
        @Override
        public String id() {
            return PROTOCOL;
        }

        @Override
        public ChannelHandler handler(PeerId remote) {
            return lines((stream, line) -> stream.writeAndFlush(name + " has read: " + line + "\n"));
        }
    }

    /** Netty handlers of a stream, as of any other channel; one that is silent for 30 s is closed. */
    static ChannelHandler lines(BiConsumer<Channel, String> onLine) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(
                        new ReadTimeoutHandler(30),
                        new LineBasedFrameDecoder(1000),
                        new StringDecoder(),
                        new StringEncoder(),
                        new SimpleChannelInboundHandler<String>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, String line) {
                                onLine.accept(ctx.channel(), line);
                            }
                        });
            }
        };
    }

    record Peer(Kademlia kad, NettyTransport transport) implements AutoCloseable {
        static Peer start(String name) {
            Identity identity = Ed25519Identity.generate(new SecureRandom());
            KademliaConfig config = KademliaConfig.of("/my-network/kad/1.0.0");
            NettyTransport transport = new NettyTransport(identity, config, InstantSource.system(),
                    NodeBudgets.of(config), List.of(new Answering(name)));
            Kademlia kad = Kademlia.builder().identity(identity).config(config).transport(transport).build();
            kad.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
            return new Peer(kad, transport);
        }

        String say(String line, Peer to) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            ChannelHandler handler = lines((stream, received) -> answer.complete(received));
            PeerInfo peer = PeerInfo.of(to.kad.peerId(), to.kad.addresses());
            MuxedStream stream = transport.openStream(peer, PROTOCOL, handler, Duration.ofSeconds(10)).join();
            stream.channel().writeAndFlush(line + "\n");
            String received = answer.orTimeout(10, TimeUnit.SECONDS).join();
            stream.channel().close();
            return received;
        }

        @Override
        public void close() {
            kad.close();
        }
    }

    public static void main(String[] args) {
        try (Peer alice = Peer.start("alice"); Peer bob = Peer.start("bob")) {
            System.out.println(bob.say("hello alice", alice));
            System.out.println(alice.say("hello bob", bob));
        }
    }
}

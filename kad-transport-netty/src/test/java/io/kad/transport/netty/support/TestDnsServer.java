package io.kad.transport.netty.support;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** DNS server on a loopback port, over UDP and TCP, whose answers a test chooses. Names end in a dot. */
public final class TestDnsServer implements AutoCloseable {

    private static final int MAX_PORTS = 100;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<byte[]>> texts = new ConcurrentHashMap<>();
    private final Map<String, byte[]> hosts = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> unanswered = new ConcurrentLinkedQueue<>();
    private final Set<String> truncated = ConcurrentHashMap.newKeySet();
    private final Map<String, byte[]> datagrams = new ConcurrentHashMap<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<String> askedOverTcp = new ConcurrentLinkedQueue<>();
    private final InetSocketAddress address;
    private volatile long ttl = 60;

    /** Starts a server that knows no name. */
    public TestDnsServer() {
        InetSocketAddress bound = null;
        try {
            for (int attempt = 0; bound == null && attempt < MAX_PORTS; attempt++) {
                bound = bindBoth();
            }
        } finally {
            if (bound == null) {
                close();
            }
        }
        if (bound == null) {
            throw new IllegalStateException("no port is free over both TCP and UDP");
        }
        address = bound;
    }

    /** Binds a free port of TCP, and the same one of UDP; returns null if that belongs to somebody else. */
    private @Nullable InetSocketAddress bindBoth() {
        Channel tcp = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new Tcp());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        InetSocketAddress port = (InetSocketAddress) tcp.localAddress();
        ChannelFuture udp = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new Udp());
                    }
                })
                .bind(port)
                .awaitUninterruptibly();
        if (udp.isSuccess()) {
            return port;
        }
        tcp.close().syncUninterruptibly();
        return null;
    }

    /** Returns where the server is, as the option resolver has it. */
    public String option() {
        return "127.0.0.1:" + address.getPort();
    }

    /** Adds a TXT record of one or more strings. */
    public void addText(String name, String... strings) {
        List<byte[]> parts = new ArrayList<>();
        for (String part : strings) {
            parts.add(part.getBytes(StandardCharsets.UTF_8));
        }
        ByteBuf content = Unpooled.buffer();
        parts.forEach(part -> content.writeByte(part.length).writeBytes(part));
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        addRawText(name, bytes);
    }

    /** Adds a TXT record with this content. */
    public void addRawText(String name, byte[] content) {
        texts.computeIfAbsent(name, missing -> new ArrayList<>()).add(content);
    }

    /** Sets the IPv4 address of a host. */
    public void setHost(String name, byte[] ip) {
        hosts.put(name, ip);
    }

    /** Lets queries for a name go unanswered. */
    public void silence(String name) {
        silent.add(name);
    }

    /** Answers what was asked for a name over UDP while it was silent. */
    public void answerLate(String name) {
        silent.remove(name);
        for (Runnable answer = unanswered.poll(); answer != null; answer = unanswered.poll()) {
            answer.run();
        }
    }

    /** Lets answers for a name over UDP be empty and truncated. */
    public void truncate(String name) {
        truncated.add(name);
    }

    /** Lets queries for a name over UDP be answered by a datagram with this content. */
    public void answerWith(String name, byte[] datagram) {
        datagrams.put(name, datagram);
    }

    /** Sets the TTL of all records, in seconds. */
    public void setTtl(long seconds) {
        ttl = seconds;
    }

    /** Returns the names that were asked for, in order, over either protocol. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Returns the names that were asked for over TCP. */
    public List<String> askedOverTcp() {
        return List.copyOf(askedOverTcp);
    }

    private static String lower(DnsQuestion question) {
        return question.name().toLowerCase(Locale.ROOT);
    }

    private boolean isSilent(DnsQuestion question) {
        asked.add(question.name());
        return silent.contains(question.name());
    }

    private void answer(DnsQuestion question, DnsResponse response) {
        response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
        boolean known = false;
        if (question.type().equals(DnsRecordType.TXT)) {
            for (byte[] content : texts.getOrDefault(question.name(), List.of())) {
                known = true;
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(
                                question.name(), DnsRecordType.TXT, ttl, Unpooled.wrappedBuffer(content)));
            }
        } else if (question.type().equals(DnsRecordType.A) && hosts.containsKey(lower(question))) {
            known = true;
            response.addRecord(
                    DnsSection.ANSWER,
                    new DefaultDnsRawRecord(
                            question.name(), DnsRecordType.A, ttl, Unpooled.wrappedBuffer(hosts.get(lower(question)))));
        }
        response.setRecursionAvailable(true);
        response.setCode(known ? DnsResponseCode.NOERROR : DnsResponseCode.NXDOMAIN);
    }

    private final class Udp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            if (isSilent(question)) {
                // It has no buffer, and its addresses and ID are there after its release
                unanswered.add(() -> ctx.executor().execute(() -> respond(ctx, query, question)));
            } else {
                respond(ctx, query, question);
            }
        }

        private void respond(ChannelHandlerContext ctx, DatagramDnsQuery query, DnsQuestion question) {
            byte[] datagram = datagrams.get(question.name());
            if (datagram != null) {
                ctx.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram), query.sender()));
                return;
            }
            DatagramDnsResponse response = new DatagramDnsResponse(
                    /* sender= */ query.recipient(), /* recipient= */ query.sender(), query.id());
            if (truncated.contains(question.name())) {
                response.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(question.name(), question.type()));
                response.setTruncated(true);
            } else {
                answer(question, response);
            }
            ctx.writeAndFlush(response);
        }
    }

    private final class Tcp extends SimpleChannelInboundHandler<DefaultDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DefaultDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            askedOverTcp.add(question.name());
            if (!isSilent(question)) {
                DefaultDnsResponse response = new DefaultDnsResponse(query.id());
                answer(question, response);
                ctx.writeAndFlush(response);
            }
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

package io.kad.transport.netty.hostile;

import io.kad.transport.netty.tls.HandMadeCertificate;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;

/** Connection of QUIC by the codec of Netty, with raw bytes on its streams, from a socket of its own. */
public final class HandMadeQuic implements HandMadeConnection {

    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("hand-made-quic", true), NioIoHandler.newFactory());

    private static final int CONNECT_SECONDS = 10;

    private final Channel socket;
    private final QuicChannel connection;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Set<QuicStreamChannel> streams = new LinkedHashSet<>();
    private Receiver receiver;
    private volatile boolean endedByRemote;
    private volatile Throwable fault;

    /**
     * Connects to {@code address}.
     *
     * @throws RefusedByRemoteException as far as the dialer learns of a refusal within the handshake
     * @throws IOException if it is not connected for another reason
     */
    public HandMadeQuic(InetSocketAddress address, QuicSslContext context) throws IOException {
        this(address, channel -> context.newEngine(channel.alloc()));
    }

    private HandMadeQuic(InetSocketAddress address, Function<QuicChannel, QuicSslEngine> engines) throws IOException {
        this.socket = bind(codec(engines));
        Future<QuicChannel> connecting = connect(address, new Events(), new ChannelInitializer<QuicStreamChannel>() {
            @Override
            protected void initChannel(QuicStreamChannel stream) {
                add(stream, new Inbound(stream));
            }
        });
        // Netty tells of a refusal only some seconds after it
        CompletableFuture<Void> decided = new CompletableFuture<>();
        connecting.addListener(done -> decided.complete(null));
        ended.thenRun(() -> decided.complete(null));
        try {
            decided.get(CONNECT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException undecided) {
            socket.close();
            throw new IOException("not connected", undecided);
        }
        if (!connecting.isSuccess()) {
            socket.close();
            if (endedByRemote) {
                throw new RefusedByRemoteException("closed within the handshake", connecting.cause());
            }
            throw new IOException("not connected", connecting.cause());
        }
        this.connection = connecting.getNow();
        connection.closeFuture().addListener(closed -> ended.complete(null));
    }

    private static ChannelHandler codec(Function<QuicChannel, QuicSslEngine> engines) {
        return new QuicClientCodecBuilder()
                .sslEngineProvider(engines)
                .maxIdleTimeout(30, TimeUnit.SECONDS)
                .initialMaxData(1 << 20)
                .initialMaxStreamDataBidirectionalLocal(256 * 1024)
                .initialMaxStreamDataBidirectionalRemote(256 * 1024)
                .initialMaxStreamsBidirectional(256)
                .build();
    }

    private static Channel bind(ChannelHandler... handlers) {
        return new Bootstrap()
                .group(LOOPS)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handlers);
                    }
                })
                .bind(0)
                .syncUninterruptibly()
                .channel();
    }

    private Future<QuicChannel> connect(InetSocketAddress address, ChannelHandler handler, ChannelHandler streams) {
        return connect(socket, address, handler, streams);
    }

    private static Future<QuicChannel> connect(
            Channel socket, InetSocketAddress address, ChannelHandler handler, ChannelHandler streams) {
        return QuicChannel.newBootstrap(socket)
                .handler(handler)
                .streamHandler(streams)
                .remoteAddress(address)
                .connect();
    }

    private void add(QuicStreamChannel stream, ChannelHandler handler) {
        stream.config().setAutoRead(receiver != null);
        streams.add(stream);
        stream.closeFuture().addListener(closed -> streams.remove(stream));
        stream.pipeline().addLast(handler);
    }

    /** Sends the first packet of a handshake, and no further one; returns what closes its socket. */
    @SuppressWarnings("FutureReturnValueIgnored") // it never connects
    public static Closeable firstPacket(InetSocketAddress address, QuicSslContext context) {
        Channel socket = bind(new OnlyFirst(), codec(channel -> context.newEngine(channel.alloc())));
        connect(socket, address, new ChannelInboundHandlerAdapter(), new ChannelInboundHandlerAdapter());
        return socket::close;
    }

    /** Lets one packet out, and none in. */
    private static final class OnlyFirst extends ChannelDuplexHandler {

        private boolean sent;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (sent) {
                ReferenceCountUtil.release(message);
                promise.setSuccess();
            } else {
                sent = true;
                ctx.writeAndFlush(message, promise);
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    /** Connections that resume the session of the one before, with early data if the other side takes it. */
    public static final class Sessions {

        private final QuicSslContext context;
        private int resumed;

        /** Creates the sessions of a certificate. */
        public Sessions(HandMadeCertificate certificate) {
            this.context = builder("libp2p", certificate).earlyData(true).build();
        }

        /** Connects. The ticket of its session comes before the first stream of the other side. */
        public HandMadeConnection connect(InetSocketAddress address) throws IOException {
            HandMadeQuic connected =
                    new HandMadeQuic(address, channel -> context.newEngine(channel.alloc(), "node", 1));
            if (isResumed(connected.connection.sslEngine())) {
                resumed++;
            }
            return connected;
        }

        /** Returns how many connections have resumed a session. */
        public int resumed() {
            return resumed;
        }
    }

    /** Returns whether the handshake of {@code engine}, of QUIC, has resumed a session. */
    public static boolean isResumed(SSLEngine engine) {
        try {
            Method reused = engine.getClass().getDeclaredMethod("isSessionReused");
            reused.setAccessible(true);
            return (boolean) reused.invoke(engine);
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("Netty says it in another way", missing);
        }
    }

    /** Returns a context that shows {@code certificates}, with the key of the first; none if there is none. */
    public static QuicSslContext context(HandMadeCertificate... certificates) {
        return context("libp2p", certificates);
    }

    /** Returns a context as the other method does, with another application protocol. */
    public static QuicSslContext context(String alpn, HandMadeCertificate... certificates) {
        return builder(alpn, certificates).build();
    }

    private static QuicSslContextBuilder builder(String alpn, HandMadeCertificate... certificates) {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols(alpn);
        if (certificates.length > 0) {
            PrivateKey key = certificates[0].keyPair().getPrivate();
            builder.keyManager(
                    key,
                    null,
                    Stream.of(certificates).map(HandMadeCertificate::x509).toArray(X509Certificate[]::new));
        }
        return builder;
    }

    /** Last handler of the connection. */
    private final class Events extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof QuicConnectionCloseEvent) { // Netty has it of the other side only
                endedByRemote = true;
                ended.complete(null);
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Handler of a stream that the other side has opened. */
    private final class Inbound extends ChannelInboundHandlerAdapter {

        private final HandMadeStream stream;

        Inbound(QuicStreamChannel channel) {
            this.stream = new OfQuic(channel);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            byte[] bytes = ByteBufUtil.getBytes(buffer);
            buffer.release();
            try {
                receiver.onBytes(stream, bytes);
            } catch (IOException closed) {
                // the stream has ended
            } catch (Exception | AssertionError broken) {
                fault = broken;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (receiver != null) {
                receiver.onEnd(stream);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @Override
    public HandMadeStream open(byte[] first) throws IOException {
        while (connection.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) == 0) {
            if (ended.isDone()) {
                throw new IOException("connection ended");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        Future<QuicStreamChannel> opened =
                connection.createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        add(stream, new Outbound());
                    }
                });
        await(opened);
        OfQuic stream = new OfQuic(opened.getNow());
        stream.send(first);
        return stream;
    }

    /** Handler of a stream that this side has opened: drops what it reads. */
    private static final class Outbound extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ((ByteBuf) message).release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @Override
    public void receive(Receiver taking) {
        connection.eventLoop().execute(() -> {
            receiver = taking;
            List.copyOf(streams) // a stream that ends by what it reads leaves the set
                    .forEach(stream -> stream.config().setAutoRead(true));
        });
    }

    /** Returns how many streams are open. */
    int streamCount() {
        return connection
                .eventLoop()
                .submit(streams::size)
                .syncUninterruptibly()
                .getNow();
    }

    @Override
    public Throwable fault() {
        return fault;
    }

    @Override
    public boolean endsWithin(int millis) throws IOException {
        try {
            ended.get(millis, TimeUnit.MILLISECONDS);
            return endedByRemote;
        } catch (TimeoutException open) {
            return false;
        } catch (ExecutionException | InterruptedException failed) {
            throw new IOException(failed);
        }
    }

    @Override
    public void reset() {
        close();
    }

    @Override
    public void close() {
        connection.close().addListener(closed -> socket.close());
    }

    /** Closes the socket, so that the other side learns of nothing. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void vanish() {
        socket.pipeline().addFirst(new Silence());
        socket.close();
    }

    /** Lets no packet out. */
    private static final class Silence extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
            promise.setSuccess();
        }
    }

    private static void await(Future<?> future) throws IOException {
        if (!future.awaitUninterruptibly().isSuccess()) {
            throw new IOException(future.cause());
        }
    }

    private static final class OfQuic implements HandMadeStream {

        private final QuicStreamChannel channel;

        OfQuic(QuicStreamChannel channel) {
            this.channel = channel;
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            await(channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)));
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what is not sent is lost with the stream
        public void sendLater(byte[] bytes) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        }

        @Override
        @SuppressWarnings(
                "FutureReturnValueIgnored") // as above; in a task of its own, as Netty loses the end otherwise
        public void finish() {
            channel.eventLoop()
                    .execute(() -> channel.writeAndFlush(new DefaultQuicStreamFrame(Unpooled.EMPTY_BUFFER, true)));
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // it leaves no more to fail
        public void reset() throws IOException {
            ChannelFuture reset = channel.shutdown(0);
            await(reset);
            channel.close(); // Netty keeps it otherwise until the other side has ended, too
        }
    }
}

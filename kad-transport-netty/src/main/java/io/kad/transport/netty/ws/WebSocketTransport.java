package io.kad.transport.netty.ws;

import io.kad.api.TransportOptions;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.security.RecordTimer;
import io.kad.transport.netty.tcp.HandshakeProgress;
import io.kad.transport.netty.tcp.TcpDial;
import io.kad.transport.netty.tcp.TcpProtocol;
import io.kad.transport.netty.tcp.TcpSockets;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.TransportProtocol;
import io.kad.transport.netty.upgrade.HandshakeByteLimiter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Transport over WebSocket: {@code /ws}, or {@code /tls/ws}, for which {@code /wss} is another form. */
public final class WebSocketTransport implements TransportProtocol, TcpProtocol {

    /** Rank behind TCP, as there is more to do and nothing to gain where TCP is possible. */
    private static final int RANK = 30;

    /** First byte of a request, {@code GET}. */
    private static final int FIRST_BYTE_OF_HTTP = 'G';
    /** First byte of a handshake of TLS. */
    private static final int FIRST_BYTE_OF_TLS = 0x16;

    private static final AddressPattern WS = new AddressPattern(MultiaddrProtocol.TCP, MultiaddrProtocol.WS);
    private static final AddressPattern TLS_WS =
            new AddressPattern(MultiaddrProtocol.TCP, MultiaddrProtocol.TLS, MultiaddrProtocol.WS);
    private static final AddressPattern TLS_SNI_WS = new AddressPattern(
            MultiaddrProtocol.TCP, MultiaddrProtocol.TLS, MultiaddrProtocol.SNI, MultiaddrProtocol.WS);
    private static final AddressPattern WSS = new AddressPattern(MultiaddrProtocol.TCP, MultiaddrProtocol.WSS);

    private final TcpSockets sockets;
    private final @Nullable WebTls tls;

    private WebSocketTransport(TcpSockets sockets, @Nullable WebTls tls) {
        this.sockets = sockets;
        this.tls = tls;
    }

    /** Creates the transport without TLS. */
    public static WebSocketTransport plain(TcpSockets sockets) {
        return new WebSocketTransport(sockets, null);
    }

    /** Creates the transport in TLS. */
    public static WebSocketTransport secure(TcpSockets sockets, WebTls tls) {
        return new WebSocketTransport(sockets, tls);
    }

    @Override
    public String name() {
        return tls == null ? "ws" : "wss";
    }

    @Override
    public String transportName() {
        return name();
    }

    @Override
    public boolean dependsOnHostName() {
        return tls != null; // the certificate is for the name
    }

    @Override
    public int rank() {
        return RANK;
    }

    @Override
    public AddressPattern addresses() {
        return tls == null ? WS : TLS_WS;
    }

    @Override
    public Optional<InetSocketAddress> dialSocket(Multiaddr address) {
        return socket(address, tls == null ? Stream.of(WS) : Stream.of(TLS_WS, TLS_SNI_WS, WSS));
    }

    @Override
    public Optional<InetSocketAddress> listenSocket(Multiaddr address) {
        return socket(address, tls == null ? Stream.of(WS) : Stream.of(TLS_WS, WSS))
                .filter(socket -> !socket.isUnresolved());
    }

    private static Optional<InetSocketAddress> socket(Multiaddr address, Stream<AddressPattern> patterns) {
        return patterns.flatMap(pattern -> pattern.socket(address).stream()).findFirst();
    }

    @Override
    public String listenForm() {
        return addresses().form();
    }

    @Override
    public Optional<String> listenProblem() {
        return tls == null || tls.canListen()
                ? Optional.empty()
                : Optional.of("the certificate is missing: set " + TransportOptions.WS_CERT.name() + " and "
                        + TransportOptions.WS_KEY.name());
    }

    @Override
    public Multiaddr address(InetSocketAddress socket) {
        return addresses().address(socket);
    }

    @Override
    public int firstByte() {
        return tls == null ? FIRST_BYTE_OF_HTTP : FIRST_BYTE_OF_TLS;
    }

    @Override
    public List<ChannelHandler> listenerHandlers(Channel connection, HandshakeProgress progress) {
        List<ChannelHandler> handlers = new ArrayList<>();
        handlers.add(new HandshakeByteLimiter(WebSocketLimits.MAX_HANDSHAKE_BYTES));
        if (tls != null) {
            handlers.add(new RecordTimer());
            handlers.add(tls.listener(connection.alloc()));
        }
        handlers.add(new HttpServerCodec(
                WebSocketLimits.MAX_FIRST_LINE, WebSocketLimits.MAX_HEADERS, WebSocketLimits.MAX_HEADERS));
        handlers.add(new ListenerHandshake(progress));
        return handlers;
    }

    @Override
    public Runnable dial(
            EventLoop loop, PeerId expected, Multiaddr address, InetSocketAddress socket, DialListener listener) {
        WebSocketUri target;
        URI uri;
        try {
            target = WebSocketUri.of(address, tls != null, socket);
            uri = target.uri();
        } catch (IllegalArgumentException e) {
            loop.execute(() -> listener.onDialFailed(
                    Kind.UNREACHABLE, Optional.of(DialFailure.NAME_NOT_FOUND), "the name must be a host name"));
            return () -> {};
        }
        TcpDial dial = new TcpDial(addresses(), listener);
        return dial.connect(sockets, loop, socket, channel -> {
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addLast(new HandshakeByteLimiter(WebSocketLimits.MAX_HANDSHAKE_BYTES));
            if (tls != null) {
                pipeline.addLast(new RecordTimer());
                pipeline.addLast(tls.dialer(channel.alloc(), target.host(), target.port()));
            }
            pipeline.addLast(new HttpClientCodec(
                    WebSocketLimits.MAX_FIRST_LINE, WebSocketLimits.MAX_HEADERS, WebSocketLimits.MAX_HEADERS));
            Runnable[] begin = new Runnable[1];
            pipeline.addLast(new DialerHandshake(uri, () -> begin[0].run()));
            begin[0] = sockets.upgrade().prepareOutbound(channel, expected, dial);
        });
    }

    @Override
    public ChannelFuture listen(InetSocketAddress socket, AcceptListener listener) {
        return sockets.listen(socket, this, listener);
    }

    @Override
    public void stopListening(Channel socket) {
        sockets.stopListening(socket, this);
    }
}

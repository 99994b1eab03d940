package io.kad.transport.netty.ws;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/**
 * Target of a WebSocket.
 *
 * @param secure whether it is in TLS
 * @param host name that the certificate must be for, and that the request names: that of {@code /sni}, or else of the host; the text of its IP
 *     address if it has no name
 * @param port port of TCP
 */
record WebSocketUri(boolean secure, String host, int port) {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Returns where {@code address}, which is one of WebSocket, is dialled at {@code socket}. */
    static WebSocketUri of(Multiaddr address, boolean secure, InetSocketAddress socket) {
        return new WebSocketUri(secure, host(address, socket), socket.getPort());
    }

    private static String host(Multiaddr address, InetSocketAddress socket) {
        List<Multiaddr.Component> components = address.components();
        for (Multiaddr.Component component : components) {
            if (component.protocol() == MultiaddrProtocol.SNI) {
                return ascii(component.text());
            }
        }
        Multiaddr.Component first = components.get(0);
        return switch (first.protocol()) {
            case DNS, DNS4, DNS6 -> ascii(first.text());
            default -> NetUtil.toAddressString(socket.getAddress());
        };
    }

    private static String ascii(String name) {
        String ascii = IDN.toASCII(name);
        return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    }

    /**
     * Returns the URI.
     *
     * @throws IllegalArgumentException if the host is no host name
     */
    URI uri() {
        String literal = host.indexOf(':') < 0 ? host : "[" + host + "]";
        String scheme = secure ? "wss://" : "ws://";
        String withPort = port == (secure ? HTTPS_PORT : HTTP_PORT) ? literal : literal + ":" + port;
        URI uri = URI.create(scheme + withPort + "/");
        // The name may have characters that end a host name in a URI
        if (!literal.equals(uri.getHost())) {
            throw new IllegalArgumentException("not a host name");
        }
        return uri;
    }
}

package io.kad.transport.netty.identify;

import io.kad.api.Identity;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.util.List;
import java.util.Set;

/** Description of the local peer for identify; read for each message, because it changes. Thread-safe. */
public interface LocalPeer {

    /** Returns the identity of the local peer. */
    Identity identity();

    /** Returns the protocols that are served at present. */
    Set<String> protocols();

    /** Returns the addresses of the local peer without {@code /p2p}, external ones first. */
    List<Multiaddr> addresses();

    /** Returns whether {@code address} is a loopback address. */
    static boolean isLoopback(Multiaddr address) {
        Multiaddr.Component first = address.components().get(0);
        return (first.protocol() == MultiaddrProtocol.IP4 && first.value().at(0) == 127)
                || (first.protocol() == MultiaddrProtocol.IP6 && first.text().equals("::1"));
    }
}

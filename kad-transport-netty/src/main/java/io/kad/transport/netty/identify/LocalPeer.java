package io.kad.transport.netty.identify;

import io.kad.api.Identity;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.util.List;
import java.util.Set;

/** What we say of ourselves; asked anew each time, as it changes. Thread-safe. */
public interface LocalPeer {

    /** Returns who we are. */
    Identity identity();

    /** Returns the protocols we serve now. */
    Set<String> protocols();

    /** Returns where we can be reached, without {@code /p2p}, the most useful first. */
    List<Multiaddr> addresses();

    /** Returns whether {@code address} is one of this machine alone. */
    static boolean isLoopback(Multiaddr address) {
        Multiaddr.Component first = address.components().get(0);
        return (first.protocol() == MultiaddrProtocol.IP4 && first.value().at(0) == 127)
                || (first.protocol() == MultiaddrProtocol.IP6 && first.text().equals("::1"));
    }
}

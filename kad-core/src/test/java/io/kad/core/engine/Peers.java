package io.kad.core.engine;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Made-up peers, the same for the same number. */
public final class Peers {

    private static final long FIRST_INBOUND = 1_000_000;

    private Peers() {}

    public static PeerId peer(int number) {
        return PeerId.fromBytes(Multihash.sha256(Bytes.utf8("peer " + number)).bytes());
    }

    public static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/10.0." + (number / 250) + "." + (1 + number % 250) + "/tcp/4001");
    }

    public static PeerInfo info(int number) {
        return PeerInfo.of(peer(number), List.of(address(number)));
    }

    public static ConnectionInfo outbound(int number) {
        return connection(number, number, ConnectionInfo.Direction.OUTBOUND, address(number));
    }

    public static ConnectionInfo inbound(int number) {
        return connection(
                FIRST_INBOUND + number,
                number,
                ConnectionInfo.Direction.INBOUND,
                Multiaddr.parse("/ip4/10.9.9.9/tcp/50000"));
    }

    static ConnectionInfo connection(long id, int number, ConnectionInfo.Direction direction, Multiaddr remote) {
        return new ConnectionInfo(id, peer(number), remote, direction, "tcp", "noise", "yamux", 0);
    }

    public static PeerIdentification identification(int number, Set<String> protocols, List<Multiaddr> addresses) {
        return new PeerIdentification(peer(number), "test", "test/1", protocols, addresses, Optional.empty());
    }

    /** Returns numbers of peers from 1 up to {@code count}, closest to {@code target} first. */
    public static List<Integer> byDistance(KadKey target, int count) {
        Comparator<Integer> closestFirst = (left, right) ->
                target.compareDistance(peer(left).kadKey(), peer(right).kadKey());
        return IntStream.rangeClosed(1, count).boxed().sorted(closestFirst).toList();
    }
}

package io.kad.bench.load;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Check that a server answers FIND_NODE with the closest peers of the table that it was given, and with their addresses. */
final class ResponseCheck {

    private static final int K = 20;

    private final List<PeerInfo> table;

    ResponseCheck(List<PeerInfo> table) {
        this.table = List.copyOf(table);
    }

    /** Asks for {@code targets}, one after the other, and returns how many of the answers are exact. */
    int exactResponses(LoadClient client, List<Bytes> targets) {
        return (int) targets.stream().filter(target -> isExact(client, target)).count();
    }

    private boolean isExact(LoadClient client, Bytes target) {
        KadResponse response = client.request(new KadRequest.FindNode(target)).join();
        return response instanceof KadResponse.FindNode found
                && found.closerPeers().size() == Math.min(K, table.size())
                && entries(found.closerPeers()).equals(closest(target));
    }

    private Set<Entry> closest(Bytes target) {
        KadKey place = KadKey.hash(target);
        return entries(table.stream()
                .sorted(Comparator.comparing(peer -> place.distance(peer.id().kadKey())))
                .limit(K)
                .toList());
    }

    private static Set<Entry> entries(List<PeerInfo> peers) {
        return peers.stream()
                .map(peer -> new Entry(peer.id().bytes(), Set.copyOf(peer.addresses())))
                .collect(Collectors.toSet());
    }

    private record Entry(Bytes peer, Set<Multiaddr> addresses) {}
}

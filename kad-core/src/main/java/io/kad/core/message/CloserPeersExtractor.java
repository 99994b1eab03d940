package io.kad.core.message;

import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.util.List;

/** Visitor that returns the closer peers of a response; empty for a kind of response that has none. */
public final class CloserPeersExtractor implements KadResponse.Visitor<List<PeerInfo>> {

    public static final CloserPeersExtractor INSTANCE = new CloserPeersExtractor();

    private CloserPeersExtractor() {}

    @Override
    public List<PeerInfo> findNode(KadResponse.FindNode response) {
        return response.closerPeers();
    }

    @Override
    public List<PeerInfo> getValue(KadResponse.GetValue response) {
        return response.closerPeers();
    }

    @Override
    public List<PeerInfo> putValue(KadResponse.PutValue response) {
        return List.of();
    }

    @Override
    public List<PeerInfo> getProviders(KadResponse.GetProviders response) {
        return response.closerPeers();
    }

    @Override
    public List<PeerInfo> ping(KadResponse.Ping response) {
        return List.of();
    }
}

package io.kad.sim.network;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.util.List;
import java.util.Map;

/**
 * Messages that are encoded by their sender and decoded by their receiver, within the limits of the real transport: a request that is too
 * large is not sent, one that exceeds what its receiver reads is refused, and so is a response by its requester.
 */
final class EncodedTransit implements MessageTransit {

    private final MessageCodec codec;
    private final Map<PeerId, SimPeer> peers;
    private final KademliaConfig config;
    private final int maxMessageBytes;

    /**
     * Creates the transit of a network.
     *
     * @param codec codec of the peers that have none of their own
     * @param peers the peers of the network, whose IDs and addresses are the same objects in all messages: the routing tables of many peers
     *     would hold copies otherwise
     */
    EncodedTransit(MessageCodec codec, KademliaConfig config, Map<PeerId, SimPeer> peers) {
        this.codec = codec;
        this.peers = peers;
        this.config = config;
        this.maxMessageBytes = config.get(KademliaConfig.MAX_MESSAGE_BYTES);
    }

    private MessageCodec codecOf(SimPeer peer) {
        MessageCodec own = peer.codec();
        return own == null ? codec : own;
    }

    @Override
    public Sent<KadRequest> send(KadRequest request, SimPeer from) throws CodecException {
        byte[] message = codecOf(from).encode(request, from.wallClock());
        return to -> {
            requireSize(message, maxMessageBytes, "request");
            return shared(codecOf(to).decodeRequest(message, to.wallClock()));
        };
    }

    @Override
    public Sent<KadResponse> send(KadResponse response, KadRequest request, SimPeer from) {
        byte[] message = codecOf(from).encode(response, from.wallClock());
        return to -> {
            requireSize(message, TransportOptions.maxResponseBytes(config, request), "response");
            return shared(codecOf(to).decodeResponse(message, request, to.wallClock()));
        };
    }

    private static void requireSize(byte[] message, int limit, String name) throws CodecException {
        if (message.length > limit) {
            throw new CodecException(name + " of " + message.length + " bytes exceeds the limit of " + limit);
        }
    }

    private KadRequest shared(KadRequest request) {
        return request instanceof KadRequest.AddProvider add
                ? new KadRequest.AddProvider(add.key(), shared(add.providers()))
                : request;
    }

    private KadResponse shared(KadResponse response) {
        if (response instanceof KadResponse.FindNode found) {
            return new KadResponse.FindNode(shared(found.closerPeers()));
        }
        if (response instanceof KadResponse.GetValue got) {
            return new KadResponse.GetValue(got.record(), shared(got.closerPeers()));
        }
        return response instanceof KadResponse.GetProviders got
                ? new KadResponse.GetProviders(shared(got.providers()), shared(got.closerPeers()))
                : response;
    }

    private List<PeerInfo> shared(List<PeerInfo> decoded) {
        return decoded.stream().map(this::shared).toList();
    }

    private PeerInfo shared(PeerInfo decoded) {
        SimPeer peer = peers.get(decoded.id());
        if (peer == null || !peer.info().addresses().equals(decoded.addresses())) {
            return decoded;
        }
        PeerInfo info = peer.info();
        return info.equals(decoded) ? info : new PeerInfo(info.id(), info.addresses(), decoded.connection());
    }
}

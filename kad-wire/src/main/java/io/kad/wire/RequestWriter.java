package io.kad.wire;

import io.kad.api.message.KadRequest;
import java.time.Instant;

/** Turns each kind of request into a message. */
record RequestWriter(int maxAddresses, int maxBytes, Instant now) implements KadRequest.Visitor<OutgoingMessage> {

    @Override
    public OutgoingMessage findNode(KadRequest.FindNode request) {
        return OutgoingMessage.of(KadMessage.FIND_NODE, request.target());
    }

    @Override
    public OutgoingMessage getValue(KadRequest.GetValue request) {
        return OutgoingMessage.of(KadMessage.GET_VALUE, request.key().bytes());
    }

    @Override
    public OutgoingMessage putValue(KadRequest.PutValue request) {
        return OutgoingMessage.of(KadMessage.PUT_VALUE, request.record().key().bytes())
                .record(request.record(), now);
    }

    @Override
    public OutgoingMessage addProvider(KadRequest.AddProvider request) {
        OutgoingMessage message =
                OutgoingMessage.of(KadMessage.ADD_PROVIDER, request.key().bytes());
        PeerList providers = new PeerList(KadMessage.PROVIDERS, request.providers(), maxAddresses);
        providers.takeAddresses(providers.takePeers(message.room(maxBytes)));
        if (providers.isLeftOut()) {
            // An announcement of nobody would be sent in vain: take one all the same, so that the message counts as too
            // large
            providers.takePeers(Integer.MAX_VALUE);
        }
        return message.peers(providers);
    }

    @Override
    public OutgoingMessage getProviders(KadRequest.GetProviders request) {
        return OutgoingMessage.of(KadMessage.GET_PROVIDERS, request.key().bytes());
    }

    @Override
    public OutgoingMessage ping(KadRequest.Ping request) {
        return OutgoingMessage.of(KadMessage.PING);
    }
}

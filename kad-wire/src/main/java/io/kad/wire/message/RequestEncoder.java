package io.kad.wire.message;

import io.kad.api.message.KadRequest;
import java.time.Instant;

/** Encoder of requests. */
record RequestEncoder(int maxAddresses, int maxBytes, Instant now) implements KadRequest.Visitor<MessageBuilder> {

    @Override
    public MessageBuilder findNode(KadRequest.FindNode request) {
        return MessageBuilder.of(KadMessage.FIND_NODE, request.target());
    }

    @Override
    public MessageBuilder getValue(KadRequest.GetValue request) {
        return MessageBuilder.of(KadMessage.GET_VALUE, request.key().bytes());
    }

    @Override
    public MessageBuilder putValue(KadRequest.PutValue request) {
        return MessageBuilder.of(KadMessage.PUT_VALUE, request.record().key().bytes())
                .record(request.record(), now);
    }

    @Override
    public MessageBuilder addProvider(KadRequest.AddProvider request) {
        MessageBuilder message =
                MessageBuilder.of(KadMessage.ADD_PROVIDER, request.key().bytes());
        PeerList providers = new PeerList(KadMessage.PROVIDERS, request.providers(), maxAddresses);
        int remaining = providers.selectPeersThatFit(message.remainingBytes(maxBytes));
        providers.selectAddressesThatFit(remaining);
        if (providers.omitsAllPeers()) {
            // An announcement without a provider is useless: add one anyway, so that the message exceeds the limit
            providers.selectPeersThatFit(Integer.MAX_VALUE);
        }
        return message.peers(providers);
    }

    @Override
    public MessageBuilder getProviders(KadRequest.GetProviders request) {
        return MessageBuilder.of(KadMessage.GET_PROVIDERS, request.key().bytes());
    }

    @Override
    public MessageBuilder ping(KadRequest.Ping request) {
        return MessageBuilder.of(KadMessage.PING);
    }
}

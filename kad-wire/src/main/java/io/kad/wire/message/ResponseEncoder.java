package io.kad.wire.message;

import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.time.Instant;
import java.util.List;

/** Encoder of responses, with as many peers and addresses as fit. */
record ResponseEncoder(int maxAddresses, int maxBytes, Instant now) implements KadResponse.Visitor<MessageBuilder> {

    @Override
    public MessageBuilder findNode(KadResponse.FindNode response) {
        return withCloserPeers(MessageBuilder.of(KadMessage.FIND_NODE), response.closerPeers());
    }

    @Override
    public MessageBuilder getValue(KadResponse.GetValue response) {
        MessageBuilder message = MessageBuilder.of(KadMessage.GET_VALUE);
        response.record().ifPresent(record -> message.record(record, now));
        return withCloserPeers(message, response.closerPeers());
    }

    private MessageBuilder withCloserPeers(MessageBuilder message, List<PeerInfo> peers) {
        PeerList closer = new PeerList(KadMessage.CLOSER_PEERS, peers, maxAddresses);
        int remaining = closer.selectPeersThatFit(message.remainingBytes(maxBytes));
        closer.selectAddressesThatFit(remaining);
        return message.peers(closer);
    }

    @Override
    public MessageBuilder putValue(KadResponse.PutValue response) {
        return MessageBuilder.of(KadMessage.PUT_VALUE, response.record().key().bytes())
                .record(response.record(), now);
    }

    @Override
    public MessageBuilder getProviders(KadResponse.GetProviders response) {
        MessageBuilder message = MessageBuilder.of(KadMessage.GET_PROVIDERS);
        PeerList closer = new PeerList(KadMessage.CLOSER_PEERS, response.closerPeers(), maxAddresses);
        PeerList providers = new PeerList(KadMessage.PROVIDERS, response.providers(), maxAddresses);
        int space = message.remainingBytes(maxBytes);
        int half = space / 2;
        int remaining = closer.selectPeersThatFit(half);
        remaining = providers.selectPeersThatFit(space - half + remaining);
        remaining = closer.selectPeersThatFit(remaining);
        remaining = providers.selectAddressesThatFit(remaining);
        closer.selectAddressesThatFit(remaining);
        return message.peers(closer).peers(providers);
    }

    @Override
    public MessageBuilder ping(KadResponse.Ping response) {
        return MessageBuilder.of(KadMessage.PING);
    }
}

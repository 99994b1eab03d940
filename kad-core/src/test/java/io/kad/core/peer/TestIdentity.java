package io.kad.core.peer;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.core.engine.Peers;

/** An identity of a made-up peer, that proves nothing. */
public record TestIdentity(PeerId peerId) implements Identity {

    public static TestIdentity of(int number) {
        return new TestIdentity(Peers.peer(number));
    }

    @Override
    public Bytes publicKey() {
        return peerId.bytes();
    }

    @Override
    public Bytes sign(Bytes message) {
        return message;
    }
}

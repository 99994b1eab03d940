package io.kad.transport.netty.quic;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;

/** Identity that claims the key of another peer, and signs with one of its own. */
record ForgedIdentity(Identity claimed, Identity own) implements Identity {

    @Override
    public PeerId peerId() {
        return claimed.peerId();
    }

    @Override
    public Bytes publicKey() {
        return claimed.publicKey();
    }

    @Override
    public Bytes sign(Bytes message) {
        return own.sign(message);
    }
}

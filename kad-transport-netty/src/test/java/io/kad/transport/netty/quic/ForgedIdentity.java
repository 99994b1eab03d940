package io.kad.transport.netty.quic;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.transport.netty.support.ForwardingIdentity;

/** Identity that claims the key of another peer, and signs with one of its own. */
record ForgedIdentity(Identity identity, Identity own) implements ForwardingIdentity {

    @Override
    public Bytes sign(Bytes message) {
        return own.sign(message);
    }
}

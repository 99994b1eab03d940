package io.kad.transport.netty.support;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;

/** Identity that does all as another one, except for what a test wants otherwise. */
public interface ForwardingIdentity extends Identity {

    /** Returns the other one. */
    Identity identity();

    @Override
    default PeerId peerId() {
        return identity().peerId();
    }

    @Override
    default Bytes publicKey() {
        return identity().publicKey();
    }

    @Override
    default Bytes sign(Bytes message) {
        return identity().sign(message);
    }
}

package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;

/**
 * The peer at the other end of an upgraded connection.
 *
 * @param id its peer id, proven
 * @param publicKey its public key in its canonical protobuf form
 * @param muxer the stream muxer to install
 * @param dialled whether this side opened the connection
 */
public record SecuredPeer(PeerId id, Bytes publicKey, String muxer, boolean dialled) {
    public SecuredPeer {
        requireNonNull(id, "id");
        requireNonNull(publicKey, "publicKey");
        requireNonNull(muxer, "muxer");
    }
}

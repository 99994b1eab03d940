package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;

/**
 * Remote peer of an upgraded connection.
 *
 * @param id authenticated peer ID
 * @param publicKey public key in its canonical protobuf form
 * @param muxer stream muxer to install
 * @param dialled whether the local peer dialled
 */
public record UpgradedPeer(PeerId id, Bytes publicKey, String muxer, boolean dialled) {
    public UpgradedPeer {
        requireNonNull(id, "id");
        requireNonNull(publicKey, "publicKey");
        requireNonNull(muxer, "muxer");
    }
}

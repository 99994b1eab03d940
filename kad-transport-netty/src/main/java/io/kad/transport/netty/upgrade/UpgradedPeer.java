package io.kad.transport.netty.upgrade;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;

/**
 * Remote peer of an upgraded connection.
 *
 * @param id authenticated peer ID
 * @param muxer stream muxer to install
 */
public record UpgradedPeer(PeerId id, String muxer) {
    public UpgradedPeer {
        requireNonNull(id, "id");
        requireNonNull(muxer, "muxer");
    }
}

package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.NO_COMMON_MUXER;

import java.util.List;
import java.util.Optional;

/**
 * Early muxer negotiation: selection of a stream muxer from the lists in both handshake payloads.
 *
 * <p>Both peers must select the same muxer without a further message, so the selection depends on both lists and on the
 * initiator.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/inlined-muxer-negotiation.md">Early muxer
 *     negotiation</a>
 */
final class EarlyMuxer {
    private EarlyMuxer() {}

    /**
     * Returns the first muxer of the initiator that the responder supports; empty if one list is empty, as that of
     * rust-libp2p is.
     */
    static Optional<String> choose(List<String> initiator, List<String> responder) throws NoiseException {
        if (initiator.isEmpty() || responder.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> muxer = initiator.stream().filter(responder::contains).findFirst();
        if (muxer.isEmpty()) {
            throw new NoiseException(
                    NO_COMMON_MUXER,
                    "no common stream muxer: initiator offers %s, responder %s".formatted(initiator, responder));
        }
        return muxer;
    }
}

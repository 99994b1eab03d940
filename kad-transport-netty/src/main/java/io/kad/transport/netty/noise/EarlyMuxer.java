package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.NO_COMMON_MUXER;

import java.util.List;
import java.util.Optional;

/**
 * The choice of a stream muxer from what both sides offer in their handshake payloads.
 *
 * <p>Both sides must come to the same choice without another word, so it depends on both lists and on who dialled.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/connections/inlined-muxer-negotiation.md">Early muxer
 *     negotiation</a>
 */
final class EarlyMuxer {
    private EarlyMuxer() {}

    /** Returns the initiator's first muxer that the responder has too; empty if one side, as rust, offers none. */
    static Optional<String> choose(List<String> initiator, List<String> responder) throws NoiseException {
        if (initiator.isEmpty() || responder.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> chosen = initiator.stream().filter(responder::contains).findFirst();
        if (chosen.isEmpty()) {
            throw new NoiseException(NO_COMMON_MUXER, "no stream muxer in common");
        }
        return chosen;
    }
}

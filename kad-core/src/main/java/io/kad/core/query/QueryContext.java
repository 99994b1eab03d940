package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.core.record.Validators;
import java.util.random.RandomGenerator;

/**
 * What all queries of a peer share.
 *
 * @param self the peer
 * @param random the source of every random choice
 * @param roundTrips how long requests usually take
 */
public record QueryContext(
        PeerId self,
        KademliaConfig config,
        Validators validators,
        RandomGenerator random,
        RoundTrips roundTrips,
        QueryHost host) {

    public QueryContext {
        requireNonNull(self, "self");
        requireNonNull(config, "config");
        requireNonNull(validators, "validators");
        requireNonNull(random, "random");
        requireNonNull(roundTrips, "roundTrips");
        requireNonNull(host, "host");
    }

    int k() {
        return config.get(KademliaConfig.K);
    }
}

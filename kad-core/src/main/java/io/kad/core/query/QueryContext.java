package io.kad.core.query;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.core.lookup.LookupConfig;
import io.kad.core.lookup.Patience;
import io.kad.core.record.Validators;
import java.util.random.RandomGenerator;

/**
 * What all queries of a peer share.
 *
 * @param self the peer
 * @param random the source of every random choice
 * @param lookupConfig how lookups are done
 * @param patience how long lookups wait for a peer
 */
public record QueryContext(
        PeerId self,
        KademliaConfig config,
        Validators validators,
        RandomGenerator random,
        LookupConfig lookupConfig,
        Patience patience,
        QueryHost host) {

    public QueryContext {
        requireNonNull(self, "self");
        requireNonNull(config, "config");
        requireNonNull(validators, "validators");
        requireNonNull(random, "random");
        requireNonNull(lookupConfig, "rules");
        requireNonNull(patience, "patience");
        requireNonNull(host, "host");
    }

    int k() {
        return config.get(KademliaConfig.K);
    }
}

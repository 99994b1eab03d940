package io.kad.sim.scenario;

import io.kad.api.KademliaConfig;
import io.kad.sim.Conditions;
import io.kad.sim.Fill;
import java.time.Duration;

/**
 * The network of one run.
 *
 * @param peers how many peers there are
 * @param seed the number that decides everything
 * @param fill how tables are filled
 * @param refreshes how often every peer refreshes its table before anything is measured
 * @param clients the share of peers that are clients
 * @param conditions what messages meet
 * @param roundTrip the mean time from a request to its answer
 * @param config how every peer behaves
 */
public record Setting(
        int peers,
        long seed,
        Fill fill,
        int refreshes,
        double clients,
        Conditions conditions,
        Duration roundTrip,
        KademliaConfig config) {

    /** Returns this setting with another seed. */
    Setting withSeed(long other) {
        return new Setting(peers, other, fill, refreshes, clients, conditions, roundTrip, config);
    }
}

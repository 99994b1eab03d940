package io.kad.sim.scenario;

import io.kad.api.KademliaConfig;
import io.kad.sim.TableInit;
import io.kad.sim.network.NetworkConditions;
import java.time.Duration;

/**
 * The network of one run.
 *
 * @param peers how many peers there are
 * @param seed the number that decides everything
 * @param tables how tables are filled
 * @param refreshes how often every peer refreshes its table before anything is measured
 * @param clients the share of peers that are clients
 * @param conditions what messages meet
 * @param roundTrip the mean time from a request to its answer
 * @param config how every peer behaves
 */
public record NetworkSetup(
        int peers,
        long seed,
        TableInit tables,
        int refreshes,
        double clients,
        NetworkConditions conditions,
        Duration roundTrip,
        KademliaConfig config) {

    /** Returns this setting with another seed. */
    NetworkSetup withSeed(long other) {
        return new NetworkSetup(peers, other, tables, refreshes, clients, conditions, roundTrip, config);
    }
}

package io.kad.sim.scenario;

import io.kad.api.KademliaConfig;
import io.kad.sim.TableInit;
import io.kad.sim.network.NetworkConditions;
import java.time.Duration;

/**
 * Network of one run.
 *
 * @param peers number of peers, from 2
 * @param seed seed of all random choices
 * @param tables initial content of the routing tables
 * @param refreshes number of times that every peer refreshes its table before the workload, from 0
 * @param clients probability that a peer is a client, 0 to 1
 * @param dormant whether peers that do nothing by themselves are created when they are used; if not, all are created at the start
 * @param encoded whether messages are encoded and decoded, if a codec is there
 * @param conditions latency and faults of messages
 * @param rtt median round trip, the unit of measured times
 * @param config configuration of every peer
 */
public record NetworkSetup(
        int peers,
        long seed,
        TableInit tables,
        int refreshes,
        double clients,
        boolean dormant,
        boolean encoded,
        NetworkConditions conditions,
        Duration rtt,
        KademliaConfig config) {

    /** Returns this setup with that seed. */
    NetworkSetup withSeed(long seed) {
        return new NetworkSetup(peers, seed, tables, refreshes, clients, dormant, encoded, conditions, rtt, config);
    }
}

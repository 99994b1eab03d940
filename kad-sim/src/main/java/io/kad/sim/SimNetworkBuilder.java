package io.kad.sim;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.sim.network.NetworkConditions;
import io.kad.store.memory.MemoryStoreLimits;
import java.util.ArrayList;
import java.util.List;

/** Puts simulated networks together. */
public final class SimNetworkBuilder {

    private static final int USUAL_SIZE = 20;

    int peers = USUAL_SIZE;
    long seed = 1;
    double clients;
    KademliaConfig config = KademliaConfig.builder().build();
    MemoryStoreLimits limits = MemoryStoreLimits.DEFAULTS;
    NetworkConditions conditions = NetworkConditions.GOOD;
    TableInit fill = TableInit.NONE;
    final List<Invariant> invariants = new ArrayList<>();

    SimNetworkBuilder() {}

    /** Sets how many peers there are at the beginning, from 1. */
    public SimNetworkBuilder peers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("peers must be 1 or more, got " + count);
        }
        this.peers = count;
        return this;
    }

    /** Sets the number that decides everything. */
    public SimNetworkBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** Sets the share of peers that are clients, 0 to 1. */
    public SimNetworkBuilder clients(double share) {
        this.clients = share;
        return this;
    }

    /** Sets how every peer behaves. */
    public SimNetworkBuilder config(KademliaConfig config) {
        this.config = requireNonNull(config, "config");
        return this;
    }

    /** Sets how much the stores of each peer hold. */
    public SimNetworkBuilder limits(MemoryStoreLimits limits) {
        this.limits = requireNonNull(limits, "limits");
        return this;
    }

    /** Sets what messages meet on their way. */
    public SimNetworkBuilder conditions(NetworkConditions conditions) {
        this.conditions = requireNonNull(conditions, "conditions");
        return this;
    }

    /** Sets how the routing tables come to be. */
    public SimNetworkBuilder tables(TableInit fill) {
        this.fill = requireNonNull(fill, "fill");
        return this;
    }

    /** Has {@code invariant} checked after each event. */
    public SimNetworkBuilder check(Invariant invariant) {
        invariants.add(requireNonNull(invariant, "invariant"));
        return this;
    }

    /** Returns the running network. */
    public SimNetwork build() {
        return new SimNetwork(this);
    }
}

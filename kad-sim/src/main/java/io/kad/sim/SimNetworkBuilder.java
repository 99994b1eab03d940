package io.kad.sim;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.sim.network.MessageCodec;
import io.kad.sim.network.NetworkConditions;
import io.kad.store.memory.MemoryStoreLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builder of simulated networks. Not thread-safe. */
public final class SimNetworkBuilder {

    private static final int DEFAULT_PEERS = 20;

    int peers = DEFAULT_PEERS;
    long seed = 1;
    double clients;
    KademliaConfig config = KademliaConfig.builder().build();
    MemoryStoreLimits limits = MemoryStoreLimits.DEFAULTS;
    NetworkConditions conditions = NetworkConditions.GOOD;
    TableInit tables = TableInit.NONE;
    boolean dormant = true;
    MessageCodec.@Nullable Factory codecs;
    final List<Invariant> invariants = new ArrayList<>();

    SimNetworkBuilder() {}

    /**
     * Sets the number of peers at the start, from 1. Default: 20.
     *
     * @throws IllegalArgumentException if the number is less than 1
     */
    public SimNetworkBuilder peers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("peers must be 1 or more, got " + count);
        }
        this.peers = count;
        return this;
    }

    /** Sets the seed of all random choices; the same seed gives the same run. Default: 1. */
    public SimNetworkBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** Sets the probability that a peer is a client, 0 to 1. Default: 0. */
    public SimNetworkBuilder clients(double share) {
        this.clients = share;
        return this;
    }

    /** Sets the configuration of every peer. Default: all options at their defaults. */
    public SimNetworkBuilder config(KademliaConfig config) {
        this.config = requireNonNull(config, "config");
        return this;
    }

    /** Sets the limits of the stores of each peer. Default: those of the memory stores. */
    public SimNetworkBuilder limits(MemoryStoreLimits limits) {
        this.limits = requireNonNull(limits, "limits");
        return this;
    }

    /** Sets latency and faults of the network. Default: {@link NetworkConditions#GOOD}. */
    public SimNetworkBuilder conditions(NetworkConditions conditions) {
        this.conditions = requireNonNull(conditions, "conditions");
        return this;
    }

    /**
     * Sets the codec of messages, which encode and decode with it: limits of their size apply then, and what the wire format does not carry is
     * lost. Default: none, so messages arrive as the objects that were sent.
     */
    public SimNetworkBuilder codec(MessageCodec.@Nullable Factory codecs) {
        this.codecs = codecs;
        return this;
    }

    /** Sets the initial content of the routing tables. Default: {@link TableInit#NONE}. */
    public SimNetworkBuilder tables(TableInit tables) {
        this.tables = requireNonNull(tables, "tables");
        return this;
    }

    /**
     * Sets whether peers with ideal tables that do nothing by themselves are created when they are used; if not, all are created at the
     * start. Default: true.
     */
    public SimNetworkBuilder dormant(boolean dormant) {
        this.dormant = dormant;
        return this;
    }

    /** Adds an invariant, which is checked after each event. An invariant slows a run down. */
    public SimNetworkBuilder check(Invariant invariant) {
        invariants.add(requireNonNull(invariant, "invariant"));
        return this;
    }

    /**
     * Returns the running network.
     *
     * @throws InvariantViolation if an invariant does not hold while the tables are filled
     */
    public SimNetwork build() {
        return new SimNetwork(this);
    }
}

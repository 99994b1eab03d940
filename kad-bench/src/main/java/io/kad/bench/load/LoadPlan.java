package io.kad.bench.load;

import io.kad.api.KademliaConfig;
import io.kad.api.Security;
import io.kad.api.TransportOptions;
import io.kad.api.message.PeerInfo;
import io.kad.bench.cli.CommandException;
import io.kad.bench.cli.OptionChecks;
import io.kad.bench.measure.Times;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Load that is sent to a server. Immutable.
 *
 * @param protocol ID of the Kademlia protocol of the server
 * @param security security protocol over TCP; QUIC has its own
 * @param freshStreams whether each request has a stream of its own
 * @param connections number of connections, each of an identity of its own
 * @param inFlight requests in flight of a closed loop
 * @param rate requests a second of an open loop; empty for a closed loop
 * @param maxPending requests of an open loop that may be without an end
 * @param times how long it is sent
 * @param probeTimeout time after which an announcement that is not found is missing; a server may store it a little later than it comes
 * @param data what is stored and asked for
 */
public record LoadPlan(
        PeerInfo server,
        String protocol,
        Security security,
        boolean freshStreams,
        int connections,
        RequestKind request,
        int inFlight,
        OptionalDouble rate,
        int maxPending,
        Times times,
        Duration probeTimeout,
        Data data) {

    static final int MAX_CONNECTIONS = 1000;

    /** Requests in flight that a client allows on a connection; further ones wait in it. */
    static final int MAX_IN_FLIGHT_PER_CONNECTION = 32;

    private static final int MAX_POOLED_STREAMS = 32;

    /**
     * Entries that are stored and requested.
     *
     * @param seed chooses targets, keys, values and identities
     * @param keys number of records, and of keys of providers
     * @param valueBytes bytes of each value
     * @param providersPerKey providers of each key
     */
    public record Data(long seed, int keys, int valueBytes, int providersPerKey) {

        public Data {
            OptionChecks.require(keys >= 1, "--keys", "at least 1", keys);
            OptionChecks.require(valueBytes >= 1 && valueBytes <= 60_000, "--value-bytes", "1 to 60000", valueBytes);
            OptionChecks.require(
                    providersPerKey >= 0 && providersPerKey <= 20, "--providers", "0 to 20", providersPerKey);
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws CommandException that names the option that is out of range
     */
    public LoadPlan {
        OptionChecks.require(
                connections >= 1 && connections <= MAX_CONNECTIONS, "--connections", "1 to 1000", connections);
        OptionChecks.require(
                inFlight >= 1 && inFlight <= MAX_IN_FLIGHT_PER_CONNECTION * connections,
                "--in-flight",
                "1 to 32 for each connection",
                inFlight);
        double perSecond = rate.orElse(1);
        OptionChecks.require(
                perSecond > 0 && perSecond <= 1_000_000, "--rate", "more than 0 and at most 1000000", perSecond);
        OptionChecks.require(maxPending >= 1, "--max-pending", "at least 1", maxPending);
    }

    /** Returns the configuration of the clients. */
    KademliaConfig config() {
        return KademliaConfig.builder()
                .set(KademliaConfig.PROTOCOL, protocol)
                .set(KademliaConfig.REQUEST_TIMEOUT, times.timeout())
                .set(KademliaConfig.IDLE_CONNECTION_TIMEOUT, Duration.ofHours(1))
                .set(TransportOptions.SECURITY, List.of(security))
                .set(TransportOptions.STREAM_POOL_SIZE, freshStreams ? 0 : MAX_POOLED_STREAMS)
                .set(TransportOptions.MAX_RECEIVE_BYTES, 256 << 20)
                .set(TransportOptions.MAX_SEND_BYTES, 256 << 20)
                .set(TransportOptions.KEEP_ALIVE_INTERVAL, Optional.empty())
                .build();
    }

    /** Returns the loop of this plan over {@code clients}. */
    LoadLoop loop(List<LoadClient> clients, Workload workload) {
        return rate.isPresent()
                ? new OpenLoop(clients, workload, request, rate.getAsDouble(), maxPending)
                : new ClosedLoop(clients, workload, request, inFlight);
    }
}

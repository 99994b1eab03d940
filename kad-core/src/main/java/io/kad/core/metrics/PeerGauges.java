package io.kad.core.metrics;

import io.kad.api.Kademlia;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.Transport;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** Present state of a peer as gauges, read when they are. */
final class PeerGauges {

    /** Buckets with a gauge each; with random peer IDs those below are empty in a network of less than a million peers. */
    private static final int SINGLE_BUCKETS = 16;

    private static final int BUCKETS = 256;

    private final Metrics metrics;
    private final Kademlia kad;

    private PeerGauges(Metrics metrics, Kademlia kad) {
        this.metrics = metrics;
        this.kad = kad;
    }

    static void add(Metrics metrics, Kademlia kad, Transport transport) {
        PeerGauges gauges = new PeerGauges(metrics, kad);
        gauges.addRoutingTable();
        gauges.addConnections();
        gauges.addTransport(transport);
        metrics.gauge(PeerMetric.QUERIES_RUNNING.metric(), () -> kad.queries().size());
        metrics.total(PeerMetric.EVENTS_DROPPED.metric(), kad::droppedEvents);
    }

    private void addRoutingTable() {
        int lowest = BUCKETS - SINGLE_BUCKETS;
        for (int bucket = lowest; bucket < BUCKETS; bucket++) {
            int index = bucket;
            addBucket(String.valueOf(index), other -> other == index);
        }
        addBucket("below-" + lowest, other -> other < lowest);
    }

    private void addBucket(String name, IntPredicate contains) {
        metrics.gauge(
                PeerMetric.ROUTING_TABLE_PEERS.metric(),
                () -> kad.routingTable().entries().stream()
                        .filter(entry -> contains.test(entry.bucket()))
                        .count(),
                name);
    }

    private void addConnections() {
        for (ConnectionInfo.Direction direction : ConnectionInfo.Direction.values()) {
            for (String transport : LabelText.TRANSPORTS) {
                metrics.gauge(
                        PeerMetric.CONNECTIONS.metric(),
                        () -> kad.connections().stream()
                                .filter(connection -> connection.direction() == direction
                                        && LabelText.transport(connection.remoteAddress())
                                                .equals(transport))
                                .count(),
                        LabelText.of(direction),
                        transport);
            }
        }
        metrics.gauge(
                PeerMetric.STREAMS.metric(),
                () -> kad.connections().stream()
                        .mapToInt(ConnectionInfo::streams)
                        .sum());
    }

    private void addTransport(Transport transport) {
        for (String limit : transport.counters().keySet()) {
            metrics.total(PeerMetric.LIMITS_REACHED.metric(), () -> now(transport::counters, limit), limit);
        }
        for (String amount : transport.amounts().keySet()) {
            metrics.gauge(PeerMetric.TRANSPORT.metric(), () -> now(transport::amounts, amount), amount);
        }
    }

    private static long now(Supplier<Map<String, Long>> numbers, String name) {
        return numbers.get().getOrDefault(name, 0L);
    }
}

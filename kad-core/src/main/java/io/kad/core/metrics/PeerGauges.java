package io.kad.core.metrics;

import io.kad.api.Kademlia;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/** Present state of a peer as gauges, read when they are. */
final class PeerGauges {

    /** Buckets with a gauge each; with random peer IDs those below are empty in a network of less than a million peers. */
    private static final int SINGLE_BUCKETS = 16;

    private static final int BUCKETS = 256;

    private final Metrics metrics;
    private final LongSupplier nanoTime;

    private PeerGauges(Metrics metrics, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    static void add(Metrics metrics, LongSupplier nanoTime, Kademlia kad, Transport transport) {
        PeerGauges gauges = new PeerGauges(metrics, nanoTime);
        gauges.addRoutingTable(kad);
        gauges.addConnections(kad);
        gauges.addTransport(transport);
        metrics.gauge(PeerMetric.QUERIES_RUNNING.metric(), () -> kad.queries().size());
        metrics.total(PeerMetric.EVENTS_DROPPED.metric(), kad::droppedEvents);
    }

    private <T> GaugeSource<T> source(GaugeSource.Reader<T> reader) {
        return new GaugeSource<>(reader, nanoTime);
    }

    /** Returns a number by its name; NaN if it is not known. */
    static double number(Optional<Map<String, Long>> numbers, String name) {
        Long number = numbers.map(known -> known.get(name)).orElse(null);
        return number == null ? Double.NaN : number;
    }

    private void addRoutingTable(Kademlia kad) {
        GaugeSource<long[]> sizes = source(() -> bucketSizes(kad));
        int lowest = BUCKETS - SINGLE_BUCKETS;
        for (int bucket = lowest; bucket < BUCKETS; bucket++) {
            addBuckets(String.valueOf(bucket), sizes, bucket, bucket + 1);
        }
        addBuckets("below-" + lowest, sizes, 0, lowest);
    }

    private static long[] bucketSizes(Kademlia kad) {
        long[] sizes = new long[BUCKETS];
        kad.routingTable().entries().forEach(entry -> sizes[entry.bucket()]++);
        return sizes;
    }

    private void addBuckets(String name, GaugeSource<long[]> sizes, int from, int to) {
        metrics.gauge(
                PeerMetric.ROUTING_TABLE_PEERS.metric(),
                () -> sizes.now()
                        .map(known -> (double) Arrays.stream(known, from, to).sum())
                        .orElse(Double.NaN),
                name);
    }

    private void addConnections(Kademlia kad) {
        GaugeSource<List<ConnectionInfo>> connections = source(kad::connections);
        for (ConnectionInfo.Direction direction : ConnectionInfo.Direction.values()) {
            for (String transport : LabelText.TRANSPORTS) {
                metrics.gauge(
                        PeerMetric.CONNECTIONS.metric(),
                        () -> sum(
                                connections,
                                connection -> connection.direction() == direction
                                                && LabelText.transport(connection)
                                                        .equals(transport)
                                        ? 1
                                        : 0),
                        LabelText.of(direction),
                        transport);
            }
        }
        metrics.gauge(PeerMetric.STREAMS.metric(), () -> sum(connections, ConnectionInfo::streams));
    }

    private static double sum(GaugeSource<List<ConnectionInfo>> connections, ToIntFunction<ConnectionInfo> number) {
        return connections
                .now()
                .map(open -> (double) open.stream().mapToInt(number).sum())
                .orElse(Double.NaN);
    }

    private void addTransport(Transport transport) {
        GaugeSource<Map<String, Long>> counters = source(transport::counters);
        for (String limit : counters.now().orElse(Map.of()).keySet()) {
            metrics.total(
                    PeerMetric.LIMITS_REACHED.metric(),
                    () -> counters.latest().map(known -> known.get(limit)).orElse(0L),
                    limit);
        }
        GaugeSource<Map<String, Long>> amounts = source(transport::amounts);
        for (String amount : amounts.now().orElse(Map.of()).keySet()) {
            metrics.gauge(PeerMetric.TRANSPORT.metric(), () -> number(amounts.now(), amount), amount);
        }
    }
}

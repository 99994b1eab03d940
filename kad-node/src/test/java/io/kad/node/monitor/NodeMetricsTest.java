package io.kad.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.metrics.Metrics;
import io.kad.node.http.HttpServer;
import io.kad.node.http.TestServer;
import io.kad.wire.key.Ed25519Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That docs/METRICS.md and what a node serves agree, and that the numbers are those of what happened. */
@Timeout(180)
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class NodeMetricsTest {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(kad_\\w+)` \\| (timer|summary|gauge|counter) \\|([^|]*)\\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
    private static final String CLOSED = "kad_connections_closed_total{direction=\"inbound\",transport=\"tcp\"}";
    private static final String RECORDS = "kad_store{statistic=\"records\",store=\"records\"}";
    private static final RecordKey KEY = RecordKey.utf8("/app/key");

    /**
     * Family of metrics.
     *
     * @param type the type in the text format: a timer is a summary
     */
    private record Family(String type, Set<String> labels) {}

    @TempDir
    private Path directory;

    private static Kademlia start(Metrics metrics) throws Exception {
        return start(Kademlia.builder().metrics(metrics));
    }

    private static Kademlia start(KademliaBuilder builder) throws Exception {
        Kademlia kad = builder.identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.SERVER).build())
                .build();
        kad.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).get(60, TimeUnit.SECONDS);
        return kad;
    }

    private static PeerInfo info(Kademlia peer) {
        return PeerInfo.of(peer.peerId(), peer.addresses());
    }

    /** Runs two peers that do a little of everything, and returns the metrics of one of them at its end. */
    private String scrapeAfterUse() throws Exception {
        try (NodeMetrics metrics = new NodeMetrics();
                Kademlia other = start(Metrics.NONE);
                Kademlia kad = start(Kademlia.builder().dataDirectory(directory).metrics(metrics.ofPeer()));
                HttpServer server = TestServer.loopback()) {
            metrics.countLimitsOf(server);
            metrics.addHealth(new HealthChecks(kad, true));
            other.connect(info(kad), Duration.ofSeconds(60)).get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> kad.routingTable().entries().size() == 1
                            && other.routingTable().entries().size() == 1);
            for (Kademlia peer : List.of(kad, other)) {
                peer.putRecord(Record.of(KEY, Bytes.utf8("value")), Quorum.one())
                        .result()
                        .get(60, TimeUnit.SECONDS);
                peer.getRecord(KEY, Quorum.all())
                        .result()
                        .handle((record, failure) -> true)
                        .get(60, TimeUnit.SECONDS);
            }
            kad.getRecord(RecordKey.utf8("/app/none"), Quorum.one())
                    .result()
                    .handle((record, failure) -> true)
                    .get(60, TimeUnit.SECONDS);
            assertThat(value(metrics.scrape(), "kad_connections{direction=\"inbound\",transport=\"tcp\"}"))
                    .isEqualTo(1);
            kad.disconnect(other.peerId()); // they may connect again
            // The connection is gone before its event is counted
            await().until(() -> value(metrics.scrape(), CLOSED) > 0);
            // Statistics of a store are up to a second old
            await().until(() -> value(metrics.scrape(), RECORDS) > 0);
            return metrics.scrape();
        }
    }

    private static Map<String, Family> served(String scrape) {
        Map<String, Family> families = new TreeMap<>();
        Matcher types = TYPE.matcher(scrape);
        while (types.find()) {
            String name = types.group(1);
            if (!name.endsWith("_max")) {
                families.put(name, new Family(types.group(2), labels(scrape, name)));
            }
        }
        return families;
    }

    private static Set<String> labels(String scrape, String family) {
        Set<String> labels = new TreeSet<>();
        Matcher sample =
                Pattern.compile("(?m)^" + family + "(?:_count)?\\{([^}]*)}").matcher(scrape);
        while (sample.find()) {
            Matcher label = Pattern.compile("(\\w+)=\"").matcher(sample.group(1));
            while (label.find()) {
                labels.add(label.group(1));
            }
        }
        return labels;
    }

    private static Map<String, Family> documented() throws Exception {
        Map<String, Family> families = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("..", "docs", "METRICS.md")));
        while (row.find()) {
            Set<String> labels =
                    new TreeSet<>(List.of(row.group(3).replaceAll("[` ]", "").split(",", -1)));
            labels.remove("");
            families.put(row.group(1), new Family(row.group(2).equals("timer") ? "histogram" : row.group(2), labels));
        }
        return families;
    }

    private static double value(String scrape, String sample) {
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(sample) + " (\\S+)$").matcher(scrape);
        assertThat(line.find()).as(sample).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void theDocumentAndANodeAgree() throws Exception {
        String scrape = scrapeAfterUse();
        Map<String, Family> served = served(scrape);
        served.keySet()
                .removeIf(name -> name.startsWith("jvm_") || name.startsWith("process_") || name.startsWith("system_"));
        assertThat(served).isEqualTo(documented()).hasSize(33);

        assertThat(value(scrape, "kad_requests_sent_seconds_count{outcome=\"ok\",type=\"PUT_VALUE\"}"))
                .isPositive();
        assertThat(value(scrape, "kad_requests_served_seconds_count{outcome=\"ok\",type=\"PUT_VALUE\"}"))
                .isPositive();
        assertThat(value(scrape, "kad_queries_seconds_count{kind=\"put-record\",outcome=\"ok\"}"))
                .isEqualTo(1);
        assertThat(value(scrape, "kad_queries_seconds_count{kind=\"get-record\",outcome=\"not-found\"}"))
                .isEqualTo(1);
        assertThat(value(scrape, "kad_queries_hops_sum{kind=\"put-record\"}")).isEqualTo(1);
        assertThat(value(scrape, "kad_connections_opened_total{direction=\"inbound\",transport=\"tcp\"}"))
                .isPositive();
        assertThat(value(scrape, CLOSED)).isPositive();
        assertThat(value(scrape, "kad_routing_table_changes_total{change=\"added\"}"))
                .isEqualTo(1);
        assertThat(value(scrape, RECORDS)).isEqualTo(1);
        assertThat(value(scrape, "kad_transport{amount=\"send-bytes-limit\"}")).isPositive();
        assertThat(value(scrape, "kad_limits_reached_total{limit=\"limit-connections\"}"))
                .isZero();
        assertThat(value(scrape, "kad_health{check=\"peers\"}")).isEqualTo(1);
        assertThat(value(scrape, "kad_rocksdb_syncs_seconds_count{outcome=\"ok\"}"))
                .isPositive();
        assertThat(value(scrape, "kad_background_queries_seconds_count{kind=\"bootstrap\",outcome=\"ok\"}"))
                .isPositive();
        assertThat(value(scrape, "kad_background_queries_running{kind=\"correction\"}"))
                .isZero();
        assertThat(value(scrape, "kad_republications_backlog{kind=\"record\"}")).isZero();
        assertThat(value(scrape, "kad_requests_sent_seconds_bucket{outcome=\"ok\",type=\"PUT_VALUE\",le=\"+Inf\"}"))
                .isPositive();
        assertThat(scrape).contains("jvm_memory_used_bytes").contains("process_uptime_seconds");
    }
}

package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.engine.Peers;
import io.kad.core.peer.PeerFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One address range cannot fill the stores, whatever identities it makes up. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class InboundQuotasTest {

    private static final int PER_HOST = 10;
    private static final int PER_NETWORK = 25;

    private final PeerFixture fixture = new PeerFixture(KademliaConfig.builder()
            .protocol("/test/kad/1.0.0")
            .maxEntriesPerHost(PER_HOST)
            .maxEntriesPerNetwork(PER_NETWORK)
            .build());
    private final InboundRequests requests = new InboundRequests(fixture);
    private final RecordedLog log = new RecordedLog(InboundQuotas.class);
    private final List<DhtEvent> events = new ArrayList<>();

    @AfterEach
    void closeLog() {
        log.close();
    }

    /** Puts the key {@code number} by one of four identities. */
    private boolean put(String host, int number) {
        return put(host, 1 + number % 4, number);
    }

    private boolean put(String host, int peer, int number) {
        return requests.put(host, peer, Record.of(RecordKey.utf8("/app/" + number), Bytes.utf8("value")));
    }

    /** Announces the key {@code number} by identity {@code peer}. */
    private boolean provide(String host, int peer, int number) {
        return requests.provide(host, peer, RecordKey.utf8("key " + number), List.of());
    }

    @Test
    void anEvictedRecordCountsNoMore() {
        for (int number = 0; number < PER_HOST; number++) {
            assertThat(put("/ip4/203.0.113.7", number)).isTrue();
        }
        assertThat(put("/ip4/203.0.113.7", PER_HOST)).isFalse();

        Record closer = Record.of(RecordKey.utf8("/app/closer"), Bytes.utf8("value"));
        fixture.quotas.recordEvicted(Record.of(RecordKey.utf8("/app/3"), Bytes.utf8("value")), closer);
        fixture.quotas.recordEvicted(Record.of(RecordKey.utf8("/app/not counted"), Bytes.utf8("value")), closer);
        assertThat(put("/ip4/203.0.113.7", PER_HOST)).isTrue();
        assertThat(put("/ip4/203.0.113.7", PER_HOST + 1)).isFalse();
    }

    @Test
    void anEvictedProviderRecordCountsNoMore() {
        for (int number = 0; number < PER_HOST; number++) {
            assertThat(provide("/ip4/203.0.113.7", 1 + number % 4, number)).isTrue();
        }
        assertThat(provide("/ip4/203.0.113.7", 4, PER_HOST)).isFalse();

        fixture.quotas.providerEvicted(RecordKey.utf8("key 3"), Peers.peer(4));
        fixture.quotas.providerEvicted(RecordKey.utf8("key 3"), Peers.peer(5));
        assertThat(provide("/ip4/203.0.113.7", 4, PER_HOST)).isTrue();
        assertThat(provide("/ip4/203.0.113.7", 3, PER_HOST + 1)).isFalse();
    }

    /** Another thread may make the store evict an entry before the call that stores it returns. */
    @Test
    void whatIsEvictedAtOnceCountsNoMore() {
        Record closer = Record.of(RecordKey.utf8("/app/closer"), Bytes.utf8("value"));
        fixture.records.onUpdate = record -> fixture.quotas.recordEvicted(record, closer);
        fixture.providers.onAdd = record -> fixture.quotas.providerEvicted(record.key(), record.provider());
        for (int number = 0; number < 2 * PER_HOST; number++) {
            assertThat(put("/ip4/203.0.113.7", number)).isTrue();
            assertThat(provide("/ip4/203.0.113.7", 1 + number % 4, number)).isTrue();
        }
    }

    @Test
    void providerRecordsThatTheStoreRefusesDoNotCount() {
        fixture.providers.onAdd = record -> {
            throw new IllegalStateException("full");
        };
        for (int number = 0; number < 2 * PER_HOST; number++) {
            assertThat(provide("/ip4/203.0.113.7", 1 + number % 4, number)).isFalse();
        }
        fixture.providers.onAdd = record -> {};

        assertThat(provide("/ip4/203.0.113.7", 1, 77)).isTrue();
    }

    @Test
    void identitiesOfOneHostShareItsQuotaOfProviderRecordsAndOthersAreServed() throws StoreException {
        fixture.peer.onEvent(events::add);
        for (int number = 0; number < 100; number++) {
            assertThat(provide("/ip4/203.0.113.7", 1 + number % 4, number)).isEqualTo(number < PER_HOST);
        }
        assertThat(provide("/ip4/198.51.100.1", 9, 5)).isTrue();
        assertThat(fixture.providers.size()).isEqualTo(PER_HOST + 1);
        fixture.world.settle();

        assertThat(log.lines)
                .containsExactly(
                        "WARN provider records of address range 203.0.113.7/32 exceed the limit of 10"
                                + " (max-entries-per-host); further refusals of this kind are counted, and logged once a minute");
        assertThat(events)
                .filteredOn(DhtEvent.QuotaExceeded.class::isInstance)
                .hasSize(90)
                .last()
                .isEqualTo(new DhtEvent.QuotaExceeded(
                        Peers.peer(4), RecordKey.utf8("key 99"), "203.0.113.7/32", "max-entries-per-host", 90));
    }

    @Test
    void oneHostCannotFillTheRecordStore() throws StoreException {
        for (int number = 0; number < 100; number++) {
            assertThat(put("/ip4/203.0.113.7", number)).isEqualTo(number < PER_HOST);
        }
        assertThat(put("/ip4/198.51.100.1", 200)).isTrue();
        assertThat(fixture.records.size()).isEqualTo(PER_HOST + 1);
    }

    @Test
    void whatIsStoredCanBeRenewedAtTheQuota() {
        for (int number = 0; number < PER_HOST; number++) {
            put("/ip4/203.0.113.7", number);
            provide("/ip4/203.0.113.7", 1 + number % 4, number);
        }

        assertThat(put("/ip4/203.0.113.7", 0)).isTrue();
        assertThat(provide("/ip4/203.0.113.7", 1, 0)).isTrue();
        assertThat(put("/ip4/203.0.113.7", 77)).isFalse();
    }

    @Test
    void hostsOfOneNetworkShareItsQuota() {
        int accepted = 0;
        for (int host = 1; host <= 100; host++) {
            accepted += put("/ip4/203.0.113." + host, host) ? 1 : 0;
        }

        assertThat(accepted).isEqualTo(PER_NETWORK);
        assertThat(put("/ip4/203.0.114.1", 500)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/ip6/2001:db8:1:100::1, /ip6/2001:db8:1:1ff::9, 10",
        "/ip6/2001:db8:1:100::1, /ip6/2001:db8:1:200::1, 20",
        "/ip6/::ffff:203.0.113.7, /ip4/203.0.113.7, 10",
        "/ip4/127.0.0.1, /ip4/127.0.0.2, 40",
        "/ip6/::1, /ip6/::1, 40"
    })
    void rangesAndExemptions(String first, String second, int expected) {
        int accepted = 0;
        for (int number = 0; number < 20; number++) {
            accepted += put(first, number) ? 1 : 0;
            accepted += put(second, 100 + number) ? 1 : 0;
        }

        assertThat(accepted).isEqualTo(expected);
    }

    @Test
    void entriesThatExpiredCountNoMore() {
        for (int number = 0; number < PER_HOST; number++) {
            provide("/ip4/203.0.113.7", 1 + number % 4, number);
        }
        assertThat(provide("/ip4/203.0.113.7", 9, 50)).isFalse();
        fixture.world.pass(Duration.ofDays(3).toNanos());

        assertThat(provide("/ip4/203.0.113.7", 1, 51)).isTrue();
    }

    /** An application keeps what it takes, and must not keep any number of entries of one host. */
    @Test
    void theFilterIsNotAskedAboutWhatTheQuotaRefuses() {
        for (int number = 0; number < PER_HOST; number++) {
            put("/ip4/203.0.113.7", number);
            provide("/ip4/203.0.113.7", 1 + number % 4, number);
        }
        int[] asked = new int[1];
        fixture.filter = new StoreFilter() {
            @Override
            public Decision decideRecord(InboundRequest request, Record record) {
                asked[0]++;
                return Decision.TAKEN;
            }

            @Override
            public Decision decideProvider(InboundRequest request, ProviderRecord record) {
                asked[0]++;
                return Decision.TAKEN;
            }
        };

        assertThat(put("/ip4/203.0.113.7", 77)).isFalse();
        assertThat(provide("/ip4/203.0.113.7", 1, 77)).isFalse();
        assertThat(asked[0]).isZero();
        assertThat(put("/ip4/198.51.100.1", 77)).isTrue();
        assertThat(asked[0]).isOne();
    }

    @Test
    void entriesThatTheStoreRefusesDoNotCount() {
        fixture.records.limit = 0;
        for (int number = 0; number < 50; number++) {
            put("/ip4/203.0.113.7", number);
        }
        fixture.records.limit = 100;

        assertThat(put("/ip4/203.0.113.7", 60)).isTrue();
    }

    @Test
    void oneIdentityGetsAQuarterOfTheQuotaOfItsHost() {
        for (int number = 0; number < PER_HOST; number++) {
            assertThat(put("/ip4/203.0.113.7", 1, number)).isEqualTo(number < 3);
            assertThat(provide("/ip4/203.0.113.7", 1, number)).isEqualTo(number < 3);
        }
        assertThat(put("/ip4/198.51.100.1", 1, 50)).as("at another address").isTrue();
        assertThat(put("/ip4/203.0.113.7", 2, 60))
                .as("another peer behind the same address")
                .isTrue();
        assertThat(provide("/ip4/203.0.113.7", 2, 60)).isTrue();

        assertThat(log.lines)
                .hasSize(2)
                .contains("WARN records of peer " + Peers.peer(1)
                        + " in 203.0.113.7/32 exceed the limit of 3 (a quarter of max-entries-per-host);"
                        + " further refusals of this kind are counted, and logged once a minute");
    }

    /** Otherwise a host would silence the log with one request, and the refusals of others would never be seen. */
    @Test
    void refusalsAreLoggedOnceAMinuteForEachKindOfEntry() {
        for (int round = 0; round < 2; round++) {
            for (int number = 0; number < 20; number++) {
                put("/ip4/203.0.113.7", number);
                provide("/ip4/203.0.113.7", 1 + number % 4, number);
            }
            assertThat(log.lines).hasSize(2 * round + 2);
            fixture.world.pass(Duration.ofSeconds(61).toNanos());
        }
    }
}

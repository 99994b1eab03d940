package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.engine.Peers;
import io.kad.core.peer.PeerFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bytes that one address range makes a peer keep, request by request. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class InboundByteQuotasTest {

    private static final String HOST = "/ip4/203.0.113.7";
    private static final String OTHER = "/ip4/198.51.100.1";
    private static final int PER_HOST = 40_000;
    private static final int LARGE = 12_000;

    private final PeerFixture fixture = new PeerFixture(KademliaConfig.builder()
            .protocol("/test/kad/1.0.0")
            .maxEntryBytesPerHost(PER_HOST)
            .maxEntryBytesPerNetwork(2 * PER_HOST)
            .build());
    private final InboundRequests requests = new InboundRequests(fixture);
    private final RecordedLog log = new RecordedLog(InboundQuotas.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static Record record(int number, int bytes) {
        return Record.of(RecordKey.utf8("/app/" + number), Bytes.of(new byte[bytes]));
    }

    /** Puts by an identity of its own for each key. */
    private boolean put(String host, int number, int bytes) {
        return requests.put(host, 1 + number, record(number, bytes));
    }

    private Optional<Integer> storedBytes(int number) throws StoreException {
        return fixture.records
                .get(RecordKey.utf8("/app/" + number))
                .map(record -> record.value().size());
    }

    @Test
    void largeRecordsOfOneHostAreRefusedAtItsBytesAndOthersAreServed() throws StoreException {
        List<DhtEvent> events = new ArrayList<>();
        fixture.peer.onEvent(events::add);
        for (int number = 0; number < 50; number++) {
            assertThat(put(HOST, number, LARGE)).isEqualTo(number < 3);
        }
        assertThat(put(OTHER, 60, LARGE)).isTrue();
        assertThat(fixture.records.size()).isEqualTo(4);
        fixture.world.settle();

        assertThat(log.lines)
                .containsExactly(
                        "WARN records of address range 203.0.113.7/32 exceed the limit of 40000 bytes"
                                + " (max-entry-bytes-per-host); further refusals of this kind are counted, and logged once a minute");
        assertThat(events)
                .filteredOn(DhtEvent.QuotaExceeded.class::isInstance)
                .hasSize(47)
                .last()
                .isEqualTo(new DhtEvent.QuotaExceeded(
                        Peers.peer(50), RecordKey.utf8("/app/49"), "203.0.113.7/32", "max-entry-bytes-per-host", 47));
    }

    @Test
    void providerRecordsWithManyAddressesCountWithThem() throws StoreException {
        List<Multiaddr> addresses = new ArrayList<>();
        for (int number = 0; number < 16; number++) {
            addresses.add(Multiaddr.parse("/dns4/" + "a".repeat(60) + "." + "b".repeat(60) + "/tcp/" + (1 + number)));
        }
        int accepted = 0;
        for (int number = 0; number < 40; number++) {
            accepted += requests.provide(HOST, 1 + number, RecordKey.utf8("key " + number), addresses) ? 1 : 0;
        }

        // 880 bytes, a key, and 16 times 96 bytes with an address of 126 or so
        assertThat(accepted).isEqualTo(PER_HOST / (880 + 5 + 16 * (96 + 126)));
        assertThat(fixture.providers.size()).isEqualTo(accepted);
        assertThat(requests.provide(HOST, 90, RecordKey.utf8("few"), List.of())).isFalse();
        assertThat(requests.provide(HOST, 1, RecordKey.utf8("key 0"), List.of()))
                .as("a renewal with fewer addresses")
                .isTrue();
        assertThat(requests.provide(HOST, 90, RecordKey.utf8("few"), List.of())).isTrue();
    }

    @Test
    void aSmallRecordIsNotMadeLargeBeyondTheQuota() throws StoreException {
        for (int number = 0; number < 20; number++) {
            assertThat(put(HOST, number, 1)).isTrue();
        }
        int large = 0;
        for (int number = 0; number < 20; number++) {
            large += put(HOST, number, LARGE) ? 1 : 0;
        }

        assertThat(large).isEqualTo((PER_HOST - 20 * (768 + 7)) / LARGE);
        assertThat(storedBytes(19)).as("a refused one stays as it was").contains(1);
        assertThat(put(HOST, 19, 1)).as("its renewal").isTrue();
    }

    /** A host that writes large values over the small records of another one uses up its own quota. */
    @Test
    void enlargingTheRecordsOfAnotherHostCountsForWhoDoesIt() {
        for (int number = 0; number < 20; number++) {
            assertThat(put(HOST, number, 1)).isTrue();
        }
        int large = 0;
        for (int number = 0; number < 20; number++) {
            large += put(OTHER, number, LARGE) ? 1 : 0;
        }

        assertThat(large).isEqualTo(3);
        assertThat(put(HOST, 30, LARGE)).as("the first host has its room").isTrue();
    }

    @Test
    void aReplacementThatTheStoreRefusesChangesNoCount() {
        assertThat(put(HOST, 0, LARGE)).isTrue();
        fixture.records.failure = new StoreException.Full("full");
        assertThat(put(HOST, 0, 2 * LARGE)).isFalse();
        assertThat(put(HOST, 0, 1)).isFalse();
        assertThat(put(OTHER, 0, 2 * LARGE)).isFalse();
        fixture.records.failure = null;

        assertThat(put(HOST, 1, LARGE)).isTrue();
        assertThat(put(HOST, 2, LARGE)).isTrue();
        assertThat(put(HOST, 3, LARGE)).isFalse();
    }

    @Test
    void whatTheStoreEvictsOrTheLocalPeerReplacesGivesItsBytesBack() {
        for (int number = 0; number < 3; number++) {
            assertThat(put(HOST, number, LARGE)).isTrue();
        }
        fixture.quotas.recordEvicted(record(1, LARGE), record(99, 1));
        assertThat(put(HOST, 3, LARGE)).isTrue();
        assertThat(put(HOST, 4, LARGE)).isFalse();
        fixture.quotas.recordPublished(RecordKey.utf8("/app/0"));
        assertThat(put(HOST, 4, LARGE)).isTrue();
        assertThat(put(HOST, 5, LARGE)).isFalse();
    }

    /** What an application takes is not stored, and its room is free once it has been taken. */
    @Test
    void whatTheFilterTakesOrRefusesDoesNotCount() {
        for (StoreFilter.Decision decision : List.of(StoreFilter.Decision.TAKEN, StoreFilter.Decision.REFUSE)) {
            fixture.filter = new StoreFilter() {
                @Override
                public Decision decideRecord(InboundRequest request, Record record) {
                    return decision;
                }

                @Override
                public Decision decideProvider(InboundRequest request, ProviderRecord record) {
                    return decision;
                }
            };
            for (int number = 0; number < 20; number++) {
                assertThat(put(HOST, number, LARGE)).isEqualTo(decision == StoreFilter.Decision.TAKEN);
            }
        }
        fixture.filter = StoreFilter.NONE;

        assertThat(put(HOST, 0, LARGE)).isTrue();
    }

    @Test
    void loopbackHasNoLimit() {
        for (int number = 0; number < 20; number++) {
            assertThat(put("/ip4/127.0.0.1", number, LARGE)).isTrue();
        }
    }

    private boolean putFor(String host, int peer, Record record, Duration ttl) {
        return requests.put(
                host,
                peer,
                record.withTtl(ttl, fixture.world.environment().wallClock().instant()));
    }

    /** The store keeps the later expiry of two equal records, so the entry counts as long. */
    @Test
    void aShorterTimeToLiveOfAnEqualRecordGivesNothingBack() {
        for (int number = 0; number < 3; number++) {
            assertThat(put(HOST, number, LARGE)).isTrue();
            assertThat(putFor(HOST, 1 + number, record(number, LARGE), Duration.ofSeconds(1)))
                    .isTrue();
        }
        fixture.world.pass(Duration.ofSeconds(2).toNanos());

        assertThat(put(HOST, 3, LARGE)).isFalse();
    }

    /** Otherwise a host would fill the quota of another one with what that one has published for a short time. */
    @Test
    void nobodyPaysForLongerThanItAskedForItself() {
        for (int number = 0; number < 3; number++) {
            Record published = record(number, LARGE).withPublisher(Peers.peer(1 + number));
            assertThat(putFor(HOST, 1 + number, published, Duration.ofSeconds(1)))
                    .isTrue();
            assertThat(requests.put(OTHER, 50, published)).isTrue();
        }
        fixture.world.pass(Duration.ofSeconds(2).toNanos());
        assertThat(requests.put(OTHER, 51, record(0, LARGE - 1))).isTrue();
        assertThat(requests.put(OTHER, 51, record(1, LARGE - 1))).isTrue();
        assertThat(requests.put(OTHER, 52, record(2, LARGE - 1))).isTrue();
        assertThat(requests.put(OTHER, 53, record(3, LARGE - 1))).isFalse();

        for (int number = 10; number < 13; number++) {
            assertThat(put(HOST, number, LARGE)).isTrue();
        }
    }

    @Test
    void aRenewalByAnotherThatTheStoreDoesNotFollowChangesNoCount() {
        Record published = record(0, LARGE).withPublisher(Peers.peer(1));
        assertThat(putFor(HOST, 1, published, Duration.ofHours(1))).isTrue();
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(putFor(OTHER, 2, published, Duration.ofHours(2 + attempt)))
                    .isTrue();
        }

        for (int number = 1; number < 4; number++) {
            assertThat(put(OTHER, number, LARGE)).isTrue();
        }
        assertThat(put(HOST, 4, LARGE)).isTrue();
        assertThat(put(HOST, 5, LARGE)).isTrue();
        assertThat(put(HOST, 6, LARGE)).isFalse();
        fixture.world.pass(Duration.ofMinutes(61).toNanos());
        assertThat(put(HOST, 6, LARGE)).isTrue();
    }

    /** Who prolongs the record of another in the store pays for it from then on, and needs the room. */
    @Test
    void aRenewalThatTheStoreFollowsCountsForItsSender() {
        assertThat(putFor(HOST, 1, record(0, LARGE), Duration.ofHours(1))).isTrue();
        for (int number = 1; number < 4; number++) {
            assertThat(put(OTHER, number, LARGE)).isTrue();
        }
        assertThat(putFor(OTHER, 9, record(0, LARGE), Duration.ofHours(2))).isFalse();
        assertThat(putFor(OTHER, 9, record(0, LARGE), Duration.ofMinutes(10))).isTrue();
        assertThat(putFor("/ip4/192.0.2.1", 9, record(0, LARGE), Duration.ofHours(2)))
                .isTrue();

        for (int number = 10; number < 13; number++) {
            assertThat(put(HOST, number, LARGE)).isTrue();
        }
    }

    /** What a peer replicates has a part of its own, so that others do not use up that of what it publishes. */
    @Test
    void replicationsLeaveRoomForWhatAPeerPublishesItself() {
        for (int number = 0; number < 10; number++) {
            Record others = record(number, LARGE).withPublisher(Peers.peer(90));
            assertThat(requests.put(HOST, 1, others)).isEqualTo(number < 2);
        }

        assertThat(requests.put(HOST, 1, record(20, LARGE).withPublisher(Peers.peer(1))))
                .isTrue();
        assertThat(log.lines)
                .containsExactly(
                        "WARN records of peer " + Peers.peer(1)
                                + " in 203.0.113.7/32 that others have published exceed the limit of 30000 bytes"
                                + " (three quarters of max-entry-bytes-per-host); further refusals of this kind are counted, and logged once a minute");
    }

    @Test
    void aRecordOfTheLocalPeerThatIsSentBackCountsForNobody() throws StoreException {
        for (int number = 0; number < 3; number++) {
            Record local = record(number, LARGE).withPublisher(Peers.peer(0));
            fixture.records.update(local.key(), stored -> Optional.of(local));
            assertThat(put(HOST, number, LARGE)).isTrue();
        }

        for (int number = 10; number < 13; number++) {
            assertThat(put(HOST, number, LARGE)).isTrue();
        }
    }

    /** What was stored before a restart counts for who is the first to send it again, as long as the store keeps it. */
    @Test
    void anEqualRecordThatWasNotCountedCountsUntilItsOwnExpiry() throws StoreException {
        Instant now = fixture.world.environment().wallClock().instant();
        for (int number = 0; number < 3; number++) {
            Record stored = record(number, LARGE).withTtl(Duration.ofHours(1), now);
            fixture.records.update(stored.key(), none -> Optional.of(stored));
            assertThat(putFor(HOST, 1 + number, record(number, LARGE), Duration.ofSeconds(1)))
                    .isTrue();
        }
        fixture.world.pass(Duration.ofSeconds(2).toNanos());

        assertThat(put(HOST, 10, LARGE)).isFalse();
        fixture.world.pass(Duration.ofHours(1).toNanos());
        assertThat(put(HOST, 10, LARGE)).isTrue();
    }
}

package io.kad.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.core.engine.Newest;
import io.kad.core.engine.Peers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordRulesTest {

    private static final PeerId SELF = Peers.peer(0);
    private static final PeerId PUBLISHER = Peers.peer(1);
    private static final PeerId HOLDER = Peers.peer(2);
    private static final RecordKey KEY = RecordKey.utf8("key");
    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");
    private static final Duration TTL = Duration.ofDays(2);

    private final RecordRules recordRules =
            new RecordRules(SELF, KademliaConfig.builder().build(), new Validators(List.of()));

    private static Record record(String value) {
        return Record.of(KEY, Bytes.utf8(value));
    }

    private static Record stated(String value, Duration ago) {
        return record(value).withPublished(Optional.of(PublicationTime.stated(NOW.minus(ago))));
    }

    private static Record estimated(String value, Duration ago) {
        return record(value).withPublished(Optional.of(PublicationTime.estimated(NOW.minus(ago))));
    }

    /** From best to worst. */
    private static final List<Record> BEST_FIRST = List.of(
            stated("a", Duration.ZERO),
            stated("c", Duration.ofHours(1)),
            stated("b", Duration.ofHours(1)),
            stated("d", Duration.ofDays(400)),
            estimated("f", Duration.ZERO),
            estimated("e", Duration.ZERO),
            estimated("g", Duration.ofDays(1)),
            record("h").withTimeReceived(NOW.minus(Duration.ofDays(2))),
            record("i"),
            stated("far ahead", Duration.ofDays(-1)));

    @Test
    void aStatedTimeBeatsAnEstimateThenTheLaterThenTheGreaterBytes() {
        for (int i = 0; i < BEST_FIRST.size(); i++) {
            for (int j = 0; j < BEST_FIRST.size(); j++) {
                assertThat(recordRules.isBetter(BEST_FIRST.get(i), BEST_FIRST.get(j), NOW))
                        .as("%s before %s", BEST_FIRST.get(i), BEST_FIRST.get(j))
                        .isEqualTo(i < j);
            }
        }
    }

    @Test
    void theSameRecordStaysInWhateverOrderTheyAreMerged() {
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            List<Record> received = new ArrayList<>(BEST_FIRST.subList(0, BEST_FIRST.size() - 1));
            Collections.shuffle(received, random);
            Optional<Record> stored = Optional.empty();
            for (Record each : received) {
                stored = Optional.of(recordRules.merge(stored, each, HOLDER, NOW));
            }
            assertThat(stored).contains(BEST_FIRST.get(0));
        }
    }

    /** The wall clock is two days fast or slow, and the order knows the right time. */
    @ParameterizedTest
    @ValueSource(longs = {2, -2})
    void timesOfPublicationDoNotFollowAJumpOfTheWallClock(long days) {
        Duration jump = Duration.ofDays(days);
        RecordRules steady = new RecordRules(
                SELF, KademliaConfig.builder().build(), new Validators(List.of()), time -> time.minus(jump));
        Instant wall = NOW.plus(jump);
        Record older = stated("older", Duration.ofDays(1));
        Record newer = stated("newer", Duration.ofHours(1));

        assertThat(steady.stamped(record("v"), Optional.empty(), wall).published())
                .contains(PublicationTime.stated(NOW));
        assertThat(estimate(steady.withPublicationTimeWhenReceived(record("v"), HOLDER, wall)))
                .isEqualTo(NOW);
        assertThat(steady.reasonInvalidWhenReceived(newer, wall)).isEmpty();
        assertThat(steady.reasonInvalidWhenReceived(stated("v", Duration.ofMinutes(-11)), wall))
                .isPresent();
        assertThat(steady.merge(Optional.of(older), newer, PUBLISHER, wall)).isEqualTo(newer);
        assertThat(steady.isRefusedFor(newer, older, wall)).isTrue();
    }

    @Test
    void aTimeThatWasStampedByAWrongClockIsNotGoneOnFrom() {
        Optional<Record> stored = Optional.of(stated("old", Duration.ofDays(-2)));
        Record put = recordRules.put(stored, record("new"), NOW);

        assertThat(put.value()).isEqualTo(Bytes.utf8("new"));
        assertThat(put.published()).contains(PublicationTime.stated(NOW));
        assertThat(recordRules
                        .stamped(record("v"), Optional.of(stated("old", Duration.ofMinutes(-9))), NOW)
                        .published())
                .as("within what clocks may differ")
                .contains(PublicationTime.stated(NOW.plus(Duration.ofMinutes(9)).plusMillis(1)));
    }

    private static Instant estimate(Record record) {
        PublicationTime time = record.published().orElseThrow();
        assertThat(time.estimated()).isTrue();
        return time.time();
    }

    @Test
    void theTimeOfAReceivedRecordIsThatOfArrivalIfItsPublisherSentItOrItNamesNone() {
        assertThat(estimate(recordRules.withPublicationTimeWhenReceived(record("v"), HOLDER, NOW)))
                .isEqualTo(NOW);
        Record published = record("v").withPublisher(PUBLISHER).withTtl(Duration.ofHours(1), NOW);
        assertThat(estimate(recordRules.withPublicationTimeWhenReceived(published, PUBLISHER, NOW)))
                .isEqualTo(NOW);
    }

    @Test
    void theTimeOfACopyIsWhatItsTimeToLiveTells() {
        Record copy = record("v").withPublisher(PUBLISHER);
        Duration left = Duration.ofHours(40);
        assertThat(estimate(recordRules.withPublicationTimeWhenReceived(copy.withTtl(left, NOW), HOLDER, NOW)))
                .isEqualTo(NOW.plus(left).minus(TTL));
        assertThat(estimate(
                        recordRules.withPublicationTimeWhenReceived(copy.withTtl(TTL.plusHours(9), NOW), HOLDER, NOW)))
                .as("not after its arrival")
                .isEqualTo(NOW);
        assertThat(estimate(recordRules.withPublicationTimeWhenReceived(copy, HOLDER, NOW)))
                .isEqualTo(Instant.EPOCH);
    }

    @Test
    void aRecordThatWasReadArrivedWhenItsHolderReceivedIt() {
        Instant received = NOW.minusSeconds(90);
        assertThat(estimate(recordRules.withPublicationTimeWhenRead(
                        record("v").withTimeReceived(received), Optional.of(HOLDER), NOW)))
                .isEqualTo(received);
        assertThat(estimate(recordRules.withPublicationTimeWhenRead(
                        record("v").withTimeReceived(NOW.plusSeconds(9)), Optional.of(HOLDER), NOW)))
                .as("a holder cannot have received it later than now")
                .isEqualTo(NOW);
        assertThat(recordRules.withPublicationTimeWhenRead(stated("v", TTL), Optional.of(HOLDER), NOW))
                .isEqualTo(stated("v", TTL));
    }

    @Test
    void aPutIsLaterThanAnyTimeSeenForTheKey() {
        Record seen = stated("other", Duration.ofMinutes(-9));
        assertThat(recordRules.put(Optional.empty(), record("v"), NOW)).isEqualTo(stated("v", Duration.ZERO));
        assertThat(recordRules.put(Optional.of(seen), record("v"), NOW))
                .isEqualTo(stated("v", Duration.ofMinutes(-9).minusMillis(1)));
        assertThat(recordRules.put(Optional.of(estimated("other", Duration.ZERO)), record("v"), NOW))
                .isEqualTo(stated("v", Duration.ZERO));
    }

    @Test
    void ofEqualValuesTheLaterTimeStays() {
        Record older = stated("v", Duration.ofHours(1));
        Record newer = stated("v", Duration.ofMinutes(1));
        assertThat(recordRules.merge(Optional.of(older), newer, HOLDER, NOW)).isEqualTo(newer);
        assertThat(recordRules.merge(Optional.of(newer), older, HOLDER, NOW)).isSameAs(newer);
        assertThat(recordRules.merge(Optional.of(newer), estimated("v", Duration.ZERO), HOLDER, NOW))
                .isSameAs(newer);
    }

    @Test
    void anEstimateNeverEndsAnOwnRecord() {
        Record own = record("own").withPublisher(SELF);
        assertThat(recordRules.merge(Optional.of(own), estimated("v", Duration.ZERO), HOLDER, NOW))
                .isSameAs(own);
        assertThat(recordRules.merge(Optional.of(own), stated("v", Duration.ZERO), HOLDER, NOW))
                .isEqualTo(stated("v", Duration.ZERO));
    }

    @Test
    void aReasonForARefusalIsABetterRecordOrOneAheadOfTheClock() {
        Record put = stated("put", Duration.ofMinutes(5));
        assertThat(recordRules.isRefusedFor(stated("v", Duration.ZERO), put, NOW))
                .isTrue();
        assertThat(recordRules.isRefusedFor(stated("v", Duration.ofHours(-1)), put, NOW))
                .isTrue();
        assertThat(recordRules.isRefusedFor(stated("v", Duration.ofHours(1)), put, NOW))
                .isFalse();
        assertThat(recordRules.isRefusedFor(stated("put", Duration.ZERO), put, NOW))
                .isFalse();
    }

    @Test
    void aPutKeepsAStoredRecordThatTheValidatorPrefersUnlessItHasExpired() {
        RecordKey key = RecordKey.utf8("/app/key");
        RecordRules validating =
                new RecordRules(SELF, KademliaConfig.builder().build(), new Validators(List.of(new Newest("app"))));
        Record preferred = Record.of(key, Bytes.utf8("2"));
        Record put = Record.of(key, Bytes.utf8("1"));

        assertThat(validating.put(Optional.of(preferred), put, NOW)).isEqualTo(preferred);
        assertThat(validating
                        .put(Optional.of(preferred.withExpires(Optional.of(NOW))), put, NOW)
                        .value())
                .isEqualTo(put.value());
    }

    @Test
    void anotherPublisherOfTheSameValueProlongsTheRecordOnlyIfItPublishedLater() {
        Instant expires = NOW.plusSeconds(100);
        Record stored =
                stated("v", Duration.ofHours(1)).withPublisher(PUBLISHER).withExpires(Optional.of(expires));
        for (int hoursLater : new int[] {-1, 0, 1}) {
            Record received = stated("v", Duration.ofHours(1 - hoursLater))
                    .withPublisher(HOLDER)
                    .withExpires(Optional.of(expires.plusSeconds(50)));

            assertThat(recordRules
                            .merge(Optional.of(stored), received, HOLDER, NOW)
                            .expires())
                    .as("published %s hours later", hoursLater)
                    .contains(hoursLater > 0 ? expires.plusSeconds(50) : expires);
        }
    }
}

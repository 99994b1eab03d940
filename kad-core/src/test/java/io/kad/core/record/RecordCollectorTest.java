package io.kad.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.core.engine.Newest;
import io.kad.core.engine.Peers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RecordCollectorTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final Instant NOW = Instant.EPOCH;

    private static Record record(int value) {
        return Record.of(KEY, Bytes.utf8(String.format("%04d", value)));
    }

    private static RecordCollector found(Validators validators) {
        return new RecordCollector(
                new RecordRules(Peers.peer(99), KademliaConfig.builder().build(), validators));
    }

    private static Record published(int value, int second) {
        return record(value).withPublished(Optional.of(PublicationTime.stated(NOW.minusSeconds(100 - second))));
    }

    /** The majority does not decide: a newer record is at few peers at first. */
    @Test
    void withoutAValidatorTheLastPublishedIsTheBestInWhateverOrderTheyCome() {
        List<Record> copies =
                List.of(published(9, 1), published(9, 1), published(9, 1), published(3, 2), published(4, 2), record(8));
        for (int shift = 0; shift < copies.size(); shift++) {
            RecordCollector found = found(new Validators(List.of()));
            for (int i = 0; i < copies.size(); i++) {
                found.add(Optional.of(Peers.peer(i)), copies.get((i + shift) % copies.size()), NOW);
            }
            assertThat(found.best(NOW).record()).isEqualTo(published(4, 2));
        }
    }

    @Test
    void ofOneValueTheLatestTimeOfPublicationIsKept() {
        RecordCollector found = found(new Validators(List.of()));
        for (int second : List.of(5, 7, 6)) {
            found.add(Optional.of(Peers.peer(second)), published(1, second), NOW);
        }
        assertThat(found.best(NOW).record()).isEqualTo(published(1, 7));
    }

    @Test
    void theBestSurvivesAnyNumberOfOtherValues() {
        RecordCollector found = found(new Validators(List.of(new Newest("app"))));
        found.add(Optional.of(Peers.peer(0)), record(9999), NOW);
        for (int i = 1; i <= 100; i++) {
            found.add(Optional.of(Peers.peer(i)), record(i), NOW);
        }

        assertThat(found.best(NOW).record())
                .extracting(Record::value)
                .isEqualTo(record(9999).value());
        assertThat(found.best(NOW).firstHolder()).contains(Peers.peer(0));
        assertThat(found.count()).isEqualTo(101);
        assertThat(found.holders()).hasSize(101);
    }

    @Test
    void holdersOfTheBestAreKnownAndTheOwnStoreIsNone() {
        RecordCollector found = found(new Validators(List.of()));
        found.add(Optional.empty(), record(1), NOW);
        assertThat(found.best(NOW).firstHolder()).isEmpty();
        found.add(Optional.of(Peers.peer(1)), record(1), NOW);

        assertThat(found.best(NOW).firstHolder()).contains(Peers.peer(1));
        assertThat(found.best(NOW).isReturnedBy(Peers.peer(1))).isTrue();
        assertThat(found.best(NOW).isReturnedBy(Peers.peer(2))).isFalse();
    }

    @Test
    void ofCopiesThatWerePublishedAtTheSameTimeTheFirstIsKept() {
        RecordCollector found = found(new Validators(List.of()));
        Record first = published(1, 5).withExpires(Optional.of(NOW.plusSeconds(10)));
        found.add(Optional.of(Peers.peer(1)), first, NOW);
        found.add(Optional.of(Peers.peer(2)), published(1, 5).withExpires(Optional.of(NOW.plusSeconds(20))), NOW);

        assertThat(found.best(NOW).record()).isEqualTo(first);
    }

    @Test
    void aValidatorChoosesAmongABoundedNumberOfValuesHoweverManyPeersReturn() {
        List<Integer> offered = new ArrayList<>();
        RecordCollector found = found(new Validators(List.of(new Newest("app"))).through(counting(offered)));
        for (int i = 0; i < 100; i++) {
            found.add(Optional.of(Peers.peer(i)), record(i), NOW);
            found.best(NOW);
        }

        assertThat(Collections.max(offered)).isEqualTo(RecordCollector.MAX_VALUES);
    }

    private static UnaryOperator<RecordValidator> counting(List<Integer> offered) {
        return validator -> new RecordValidator() {
            @Override
            public String namespace() {
                return validator.namespace();
            }

            @Override
            public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
                return validator.validate(key, value, now);
            }

            @Override
            public int select(RecordKey key, List<Bytes> values, Instant now) {
                offered.add(values.size());
                return validator.select(key, values, now);
            }
        };
    }
}

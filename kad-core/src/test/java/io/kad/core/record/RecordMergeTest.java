package io.kad.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.core.engine.Peers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordMergeTest {

    private static final PeerId SELF = Peers.peer(0);
    private static final PeerId SENDER = Peers.peer(1);
    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");

    private final RecordRules recordRules =
            new RecordRules(SELF, KademliaConfig.builder().build(), new Validators(List.of()));

    private static Record published(String value, PeerId publisher, int secondsAgo) {
        return Record.of(RecordKey.utf8("key"), Bytes.utf8(value))
                .withPublisher(publisher)
                .withPublished(Optional.of(PublicationTime.stated(NOW.minusSeconds(secondsAgo))));
    }

    private RecordMerge merge(Record received) {
        return new RecordMerge(recordRules, received, SENDER, NOW);
    }

    @Test
    void aBetterRecordThatReplacesOneOfTheLocalPeerIsReported() {
        Record own = published("own", SELF, 9);
        Record better = published("better", SENDER, 1);
        RecordMerge merge = merge(better);

        assertThat(merge.apply(Optional.of(own))).contains(better);
        assertThat(merge.superseded()).contains(new DhtEvent.RecordSuperseded(own, better, SENDER));
    }

    @Test
    void aLocalRecordThatStaysIsNotReported() {
        Record own = published("own", SELF, 1);
        RecordMerge merge = merge(published("worse", SENDER, 9));

        assertThat(merge.apply(Optional.of(own))).contains(own);
        assertThat(merge.superseded()).isEmpty();
    }

    @Test
    void aRecordThatLostToOneThatMayNotBeStoredIsRemovedAndReportedAndNoOtherIs() {
        Record loser = published("loser", SELF, 9);
        Record winner = published("winner", SELF, 1);
        RecordMerge removal = RecordMerge.removal(recordRules, loser, winner, SENDER, NOW);

        assertThat(removal.apply(Optional.of(published("another", SELF, 9)))).isPresent();
        assertThat(removal.apply(Optional.of(published("loser", SENDER, 9)))).isPresent();
        assertThat(removal.apply(Optional.of(published("loser", SELF, 8))))
                .as("published again since")
                .isPresent();
        assertThat(removal.superseded()).isEmpty();
        assertThat(removal.apply(Optional.empty())).isEmpty();
        assertThat(removal.apply(Optional.of(loser.withTimeReceived(NOW)))).isEmpty();
        assertThat(removal.superseded())
                .contains(new DhtEvent.RecordSuperseded(loser.withTimeReceived(NOW), winner, SENDER));
    }

    @Test
    void aReplacedRecordOfAnotherPeerIsNotReported() {
        Record better = published("better", SENDER, 1);
        RecordMerge merge = merge(better);

        assertThat(merge.apply(Optional.of(published("other", Peers.peer(2), 9))))
                .contains(better);
        assertThat(merge.superseded()).isEmpty();
    }
}

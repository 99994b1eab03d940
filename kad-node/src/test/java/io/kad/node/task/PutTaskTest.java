package io.kad.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.QueryStats;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.node.output.TextFormatter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class PutTaskTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");

    private static PeerId peer(String name) {
        return PeerId.fromBytes(Multihash.sha256(Bytes.utf8(name)).bytes());
    }

    private static ObjectNode line(List<PeerId> refusedBy, Optional<Record> better) {
        return PutTask.line(new PutResult(KEY, List.of(peer("a")), List.of(), refusedBy, better, 1, QueryStats.NONE));
    }

    @Test
    void thePeersThatRefusedAreCountedAndTheRecordThatWonIsShown() {
        Record won = Record.of(KEY, Bytes.utf8("won"));
        ObjectNode line = line(List.of(peer("b"), peer("c")), Optional.of(won));
        assertThat(line)
                .hasToString("{\"event\":\"put\",\"ok\":true,\"stored\":1,\"quorum\":1,\"refused\":2,"
                        + "\"better\":{\"value\":\"d29u\",\"text\":\"won\"}}");
        assertThat(TextFormatter.of(line))
                .isEqualTo("stored at 1 peer (quorum 1), refused by 2 peers: one has a better record under this key");
    }

    @Test
    void aPutThatNobodyRefusedSaysNothingMore() {
        ObjectNode line = line(List.of(), Optional.empty());
        assertThat(line).hasToString("{\"event\":\"put\",\"ok\":true,\"stored\":1,\"quorum\":1}");
        assertThat(TextFormatter.of(line)).isEqualTo("stored at 1 peer (quorum 1)");
    }
}

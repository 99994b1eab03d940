package io.kad.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.RecordKey;
import io.kad.core.engine.Peers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a full store is told to evict while what is counted changes. */
class LeavingEntriesTest {

    private final List<RangeQuota.Leaving> leaving = new ArrayList<>();

    private static RangeQuota.Leaving entry(int number) {
        return new RangeQuota.Leaving(number, RecordKey.utf8("/any/" + number), Peers.peer(1));
    }

    private LeavingEntries<RangeQuota.Leaving> entries() {
        return new LeavingEntries<>(
                limit -> List.copyOf(leaving.subList(0, Math.min(limit, leaving.size()))),
                entry -> entry,
                leaving::remove);
    }

    @Test
    void anyNumberThatTheStoreDoesNotHoldIsReleasedAndTheNextIsNamed() {
        for (int number = 0; number <= 1000; number++) {
            leaving.add(entry(number));
        }
        LeavingEntries<RangeQuota.Leaving> entries = entries();
        for (int number = 0; number < 1000; number++) {
            assertThat(entries.next()).isEqualTo(entry(number));
            entries.remove();
        }
        assertThat(entries.next()).isEqualTo(entry(1000));
        assertThat(entries.hasNext()).isFalse();
        assertThat(leaving).containsExactly(entry(1000));
    }

    @Test
    void aCallEndsAndTheNextGoesOn() {
        for (int number = 0; number < 3 * LeavingEntries.MAX_ABSENT; number++) {
            leaving.add(entry(number));
        }
        for (int call = 1; call <= 3; call++) {
            LeavingEntries<RangeQuota.Leaving> entries = entries();
            while (entries.hasNext()) {
                entries.next();
                entries.remove();
            }
            assertThat(leaving).hasSize((3 - call) * LeavingEntries.MAX_ABSENT);
        }
    }

    @Test
    void noEntryComesTwiceAndNoneIsLeftOutIfTheOrderChanges() {
        for (int number = 0; number < 20; number++) {
            leaving.add(entry(number));
        }
        LeavingEntries<RangeQuota.Leaving> entries = entries();
        Set<RangeQuota.Leaving> named = new HashSet<>();
        while (entries.hasNext()) {
            assertThat(named.add(entries.next())).isTrue();
            Collections.rotate(leaving, 1);
        }
        assertThat(named).hasSize(20);
    }

    @Test
    void noMoreAreNamedThanALargeEntryNeeds() {
        for (int number = 0; number < 1000; number++) {
            leaving.add(entry(number));
        }
        List<RangeQuota.Leaving> named = new ArrayList<>();
        entries().forEachRemaining(named::add);
        assertThat(named).isEqualTo(leaving.subList(0, LeavingEntries.MAX_ENTRIES));
    }
}

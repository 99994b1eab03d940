package io.kad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compatibility tests of peer snapshot stores accept a right store and reject each wrong one by the rule it breaks. */
class PeerSnapshotStoreTckTest {

    /** The compatibility tests of whatever store is to be tested next. */
    static class Subject extends PeerSnapshotStoreTck {
        private static Function<SpiContext, PeerSnapshotStore> factory = PlainSnapshotStore::new;

        @Override
        protected PeerSnapshotStore openStore(SpiContext context) {
            return factory.apply(context);
        }
    }

    private static TckRun run(Function<SpiContext, PeerSnapshotStore> factory) {
        Subject.factory = factory;
        return TckRun.of(Subject.class);
    }

    @Test
    void aRightStorePasses() {
        TckRun run = run(PlainSnapshotStore::new);
        assertThat(run.failures()).isEmpty();
        assertThat(run.aborted()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aWrongStoreFailsByTheRuleItBreaks(BrokenSnapshotStore broken) {
        TckRun run = run(broken::open);
        Set<String> allowed = new TreeSet<>(broken.others());
        allowed.add(broken.rule());
        assertThat(run.brokenRules())
                .as("%s", run.failures())
                .contains(broken.rule())
                .isSubsetOf(allowed);
    }

    @Test
    void everyRuleHasATestAndAStoreThatItRejects() {
        assertThat(TckRun.testedRules(PeerSnapshotStoreTck.class))
                .isEqualTo(Arrays.stream(BrokenSnapshotStore.values())
                        .map(BrokenSnapshotStore::rule)
                        .collect(Collectors.toCollection(TreeSet::new)))
                .hasSize(5)
                .contains("01", "05");
    }
}

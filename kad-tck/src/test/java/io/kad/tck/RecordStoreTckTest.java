package io.kad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compatibility tests of record stores accept a right store and reject each wrong one by the rule it breaks. */
class RecordStoreTckTest {

    private interface Factory {
        RecordStore create(SpiContext context, RecordStoreFixture.Limits limits);
    }

    /** The compatibility tests of whatever store is to be tested next. */
    static class Subject extends RecordStoreTck {
        private static Factory factory = PlainRecordStore::new;

        @Override
        protected RecordStore createStore(SpiContext context, Limits limits) {
            return factory.create(context, limits);
        }

        @Override
        protected Optional<RecordStore> reopenStore(SpiContext context, Limits limits) {
            RecordStore again = factory.create(context, limits);
            return Optional.of(again).filter(DurableRecordStore.class::isInstance);
        }

        @Override
        protected boolean failWrites(RecordStore store, boolean failing) {
            if (store instanceof DurableRecordStore durable) {
                durable.failing = failing;
                return true;
            }
            return false;
        }
    }

    private static TckRun run(Factory factory) {
        Subject.factory = factory;
        return TckRun.of(Subject.class);
    }

    @Test
    void aRightStorePasses() {
        TckRun run = run(PlainRecordStore::new);
        assertThat(run.failures()).isEmpty();
        assertThat(run.started()).isGreaterThan(20);
    }

    @Test
    void aRightStoreThatOutlivesItsProcessPasses() {
        TckRun run = run(DurableRecordStore::new);
        assertThat(run.failures()).isEmpty();
        assertThat(run.aborted()).isZero();
    }

    @Test
    void aRightStoreThatLetsRecordsGiveWayPasses() {
        assertThat(run(EvictingRecordStore::new).failures()).isEmpty();
    }

    @Test
    void randomCallsAloneTellWrongStores() {
        for (BrokenRecordStore broken : List.of(
                BrokenRecordStore.PAGES_OVER_EXPIRED_RECORDS,
                BrokenRecordStore.ACKNOWLEDGES_AND_DROPS,
                BrokenRecordStore.DISPLACES_THE_NEAREST)) {
            assertThat(run(broken::create).failures()).as("%s", broken).containsKey("randomCallsDoWhatTheModelDoes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongStoreFailsByTheRuleItBreaks(BrokenRecordStore broken) {
        TckRun run = run(broken::create);
        assertThat(run.brokenRules())
                .as("%s", run.failures().keySet())
                .contains(broken.rule())
                .isSubsetOf(with(broken.others(), broken.rule()));
    }

    private static Set<String> with(Set<String> others, String rule) {
        Set<String> all = new TreeSet<>(others);
        all.add(rule);
        return all;
    }

    @Test
    void everyRuleHasATestAndAStoreThatItRejects() {
        Set<String> tested = TckRun.testedRules(RecordStoreTck.class);
        Set<String> broken = Arrays.stream(BrokenRecordStore.values())
                .map(BrokenRecordStore::rule)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested).isEqualTo(broken).hasSize(16).contains("01", "16");
    }
}

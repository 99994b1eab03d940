package io.kad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compatibility tests of provider stores accept a right store and reject each wrong one by the rule it breaks. */
class ProviderStoreTckTest {

    private interface Factory {
        ProviderStore create(SpiContext context, ProviderStoreFixture.Limits limits);
    }

    /** The compatibility tests of whatever store is to be tested next. */
    static class Subject extends ProviderStoreTck {
        private static Factory factory = PlainProviderStore::new;

        @Override
        protected ProviderStore createStore(SpiContext context, Limits limits) {
            return factory.create(context, limits);
        }

        @Override
        protected Optional<ProviderStore> reopenStore(SpiContext context, Limits limits) {
            ProviderStore again = factory.create(context, limits);
            return Optional.of(again).filter(DurableProviderStore.class::isInstance);
        }
    }

    private static TckRun run(Factory factory) {
        Subject.factory = factory;
        return TckRun.of(Subject.class);
    }

    @Test
    void aRightStorePasses() {
        TckRun run = run(PlainProviderStore::new);
        assertThat(run.failures()).isEmpty();
        assertThat(run.started()).isGreaterThan(20);
    }

    @Test
    void aRightStoreThatOutlivesItsProcessPasses() {
        TckRun run = run(DurableProviderStore::new);
        assertThat(run.failures()).isEmpty();
        assertThat(run.aborted()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aWrongStoreFailsByTheRuleItBreaks(BrokenProviderStore broken) {
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
        Set<String> tested = TckRun.testedRules(ProviderStoreTck.class);
        Set<String> broken = Arrays.stream(BrokenProviderStore.values())
                .map(BrokenProviderStore::rule)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested).isEqualTo(broken).hasSize(15).contains("01", "15");
    }
}

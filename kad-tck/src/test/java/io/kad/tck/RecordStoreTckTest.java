package io.kad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.spi.RecordStore;
import io.kad.api.spi.SpiContext;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compatibility tests of record stores accept a right store and reject each wrong one by the rule it breaks. */
class RecordStoreTckTest {

    private interface Factory {
        RecordStore create(SpiContext context, RecordStoreTck.Limits limits);
    }

    /** The compatibility tests of whatever store is to be tested next. */
    static class Subject extends RecordStoreTck {
        private static Factory factory = PlainRecordStore::new;

        @Override
        protected RecordStore createStore(SpiContext context, Limits limits) {
            return factory.create(context, limits);
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
        Set<String> tested = Arrays.stream(RecordStoreTck.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .map(name -> name.substring("store".length(), "store".length() + 2))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> broken = Arrays.stream(BrokenRecordStore.values())
                .map(BrokenRecordStore::rule)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested)
                .isEqualTo(broken)
                .containsExactly("01", "02", "03", "04", "05", "06", "07", "08", "09", "10");
    }
}

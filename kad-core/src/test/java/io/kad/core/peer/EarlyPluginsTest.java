package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.core.engine.Peers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class EarlyPluginsTest {

    private final EarlyPlugins plugins = new EarlyPlugins();
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void tasksWaitForThePeerInTheirOrder() {
        plugins.execute(() -> ran.add(1));
        plugins.execute(() -> ran.add(2));
        assertThat(ran).isEmpty();

        plugins.start(Runnable::run, StoreListener.NONE);
        assertThat(ran).containsExactly(1, 2);
        plugins.execute(() -> ran.add(3));
        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void noMoreThanABoundedNumberWaits() {
        for (int i = 0; i < EarlyPlugins.MAX_WAITING; i++) {
            plugins.execute(() -> ran.add(0));
        }
        assertThatThrownBy(() -> plugins.execute(() -> ran.add(1)))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("1024 tasks of plug-ins wait for their peer");

        plugins.start(Runnable::run, StoreListener.NONE);
        assertThat(ran).hasSize(EarlyPlugins.MAX_WAITING).containsOnly(0);
    }

    @Test
    void evictionsBeforeThePeerConcernNobodyAndLaterOnesReachItsListener() {
        Record evicted = Record.of(RecordKey.utf8("evicted"), Bytes.utf8("x"));
        Record closer = Record.of(RecordKey.utf8("closer"), Bytes.utf8("x"));
        plugins.recordEvicted(evicted, closer);
        plugins.providerEvicted(evicted.key(), Peers.peer(1));

        List<Object> heard = new ArrayList<>();
        plugins.start(Runnable::run, new StoreListener() {
            @Override
            public void recordEvicted(Record record, Record other) {
                heard.addAll(List.of(record, other));
            }

            @Override
            public void providerEvicted(RecordKey key, PeerId provider) {
                heard.addAll(List.of(key, provider));
            }
        });
        assertThat(heard).isEmpty();
        plugins.recordEvicted(evicted, closer);
        plugins.providerEvicted(closer.key(), Peers.peer(2));
        assertThat(heard).containsExactly(evicted, closer, closer.key(), Peers.peer(2));
    }
}

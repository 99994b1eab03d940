package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.spi.StoreListener;
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
}

package io.kad.core.future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.result.BootstrapResult;
import io.kad.core.engine.Peers;
import io.kad.core.event.EventBudget;
import io.kad.core.event.QueryEventReplay;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whatever an observer does, a query that has ended has a result. */
class RunningQueriesTest {

    private static final QueryId ID = new QueryId(1);

    private final IllegalStateException fault = new IllegalStateException("an observer must not throw");
    private final RunningQueries queries = new RunningQueries(new QueryObserver() {
        @Override
        public void onEvent(QueryKind kind, QueryEvent event, QueryStats stats) {
            throw fault;
        }

        @Override
        public void onEnd(QueryKind kind, QueryStats stats, Optional<Throwable> failure) {
            throw fault;
        }

        @Override
        public void onCancel(QueryKind kind, QueryStats stats) {
            throw fault;
        }
    });

    private CompletableFuture<BootstrapResult> start() {
        QueryHandle<BootstrapResult> query = new QueryHandle<>(
                ID,
                new QuerySpec.Bootstrap(Peers.peer(0)),
                Runnable::run,
                new QueryEventReplay(new EventBudget(1 << 20), Runnable::run, (nanos, task) -> {}, () -> 0),
                new QueryHandle.Control() {
                    @Override
                    public void finish(QueryId query) {}

                    @Override
                    public void cancel(QueryId query) {}
                });
        assertThat(queries.add(query)).isTrue();
        return query.result();
    }

    @Test
    void aQueryThatSucceedsIsCompleted() {
        BootstrapResult answer = new BootstrapResult(7, 2, new QueryStats(3, 2, 1, 1, Duration.ofMillis(5)));
        CompletableFuture<BootstrapResult> result = start();
        assertThatThrownBy(() -> queries.complete(ID, answer)).isSameAs(fault);
        assertThat(result).isCompletedWithValue(answer);
    }

    @Test
    void aQueryThatFailsIsFailed() {
        CompletableFuture<BootstrapResult> result = start();
        assertThatThrownBy(() -> queries.fail(ID, new CancellationException("cancelled")))
                .isSameAs(fault);
        assertThat(result).isCompletedExceptionally();
    }
}

package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxTest {

    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final List<Integer> ran = new ArrayList<>();
    private final Mailbox mailbox = new Mailbox(turns::add);

    private void open() {
        mailbox.open(() -> {});
    }

    private Runnable task(int number) {
        return () -> ran.add(number);
    }

    private void takeTurn() {
        turns.remove().run();
    }

    @Test
    void nothingRunsBeforeItIsOpened() {
        mailbox.post(task(1));
        assertThat(turns).isEmpty();

        mailbox.open(task(0));
        assertThat(ran).containsExactly(0);

        takeTurn();
        assertThat(ran).containsExactly(0, 1);
    }

    @Test
    void itAsksForOneTurnHoweverMuchWaits() {
        open();
        for (int number = 0; number < 10; number++) {
            mailbox.post(task(number));
        }

        assertThat(turns).hasSize(1);
        takeTurn();
        assertThat(ran).isEqualTo(IntStream.range(0, 10).boxed().toList());
        assertThat(turns).isEmpty();
    }

    @Test
    void aTurnRunsABoundedNumberOfTasksAndAsksForAnother() {
        open();
        for (int number = 0; number <= Mailbox.TASKS_PER_DRAIN; number++) {
            mailbox.post(task(number));
        }

        takeTurn();
        assertThat(ran).hasSize(Mailbox.TASKS_PER_DRAIN);
        assertThat(turns).hasSize(1);

        takeTurn();
        assertThat(ran).hasSize(Mailbox.TASKS_PER_DRAIN + 1);
        assertThat(turns).isEmpty();
    }

    @Test
    void whatATaskPostsRunsAfterItNotInsideIt() {
        open();
        mailbox.post(() -> {
            mailbox.post(task(2));
            ran.add(1);
        });

        takeTurn();
        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void onAnExecutorThatRunsTasksAtOnceTheyStillRunOneAfterAnother() {
        Mailbox direct = new Mailbox(Runnable::run);
        direct.open(() -> {});
        direct.post(() -> {
            direct.post(task(2));
            ran.add(1);
        });

        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void commandsAreRefusedAtTheLimitAndTakenBelowIt() {
        open();
        assertThat(mailbox.post(task(1), 2)).isTrue();
        assertThat(mailbox.post(task(2), 2)).isTrue();
        assertThat(mailbox.post(task(3), 2)).isFalse();
        mailbox.post(task(4));

        takeTurn();
        assertThat(ran).containsExactly(1, 2, 4);
        assertThat(mailbox.post(task(5), 2)).isTrue();
    }

    @Test
    void aTaskThatThrowsDoesNotHoldUpThoseBehindIt() {
        open();
        mailbox.post(() -> {
            throw new AssertionError("broken");
        });
        mailbox.post(task(2));

        takeTurn();
        assertThat(ran).containsExactly(2);
    }

    @Test
    void anExecutorThatTakesNothingMoreIsNoErrorOfWhoPosts() {
        Mailbox refused = new Mailbox(task -> {
            throw new RejectedExecutionException("ended");
        });
        refused.open(() -> {});

        refused.post(task(1));

        assertThat(ran).isEmpty();
    }

    @Test
    void tasksOfManyThreadsRunOneAtATimeEachThreadsInOrder() throws Exception {
        int threads = 4;
        int each = 5_000;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Mailbox shared = new Mailbox(executor);
            shared.open(() -> {});
            int[][] last = new int[threads][1];
            List<String> disorder = new ArrayList<>();
            int[] total = new int[1];
            CountDownLatch done = new CountDownLatch(threads * each);
            for (int thread = 0; thread < threads; thread++) {
                int owner = thread;
                executor.execute(() -> {
                    for (int number = 1; number <= each; number++) {
                        int current = number;
                        shared.post(() -> {
                            if (last[owner][0] != current - 1) {
                                disorder.add(owner + ": " + current);
                            }
                            last[owner][0] = current;
                            total[0]++; // loses counts if two tasks run at once
                            done.countDown();
                        });
                    }
                });
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(disorder).isEmpty();
            assertThat(total[0]).isEqualTo(threads * each);
        } finally {
            executor.shutdownNow();
        }
    }
}

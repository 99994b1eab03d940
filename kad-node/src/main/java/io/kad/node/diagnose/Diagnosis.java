package io.kad.node.diagnose;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** All checks of a peer, one after the other; those of several bootstrap peers side by side. */
public final class Diagnosis {

    private static final String NO_BOOTSTRAP = "no bootstrap peer is known; name one by --bootstrap";
    private static final String STARTED_WITHOUT =
            "no bootstrap peer is known, as the node was started without one; it can still join by connect";

    private final Kademlia kad;
    private final NodeSetup setup;
    private final Consumer<ObjectNode> output;
    private final StepTimes times;
    private final List<PeerIdentification> identified = new ArrayList<>();
    private int passed;
    private int failed;
    private int skipped;
    private final ExecutorService threads = DiagnosisThreads.create();
    private final RunningWork work = new RunningWork(threads);
    private Map<String, Long> counters = Map.of();
    private volatile boolean hasEnded;

    /**
     * Creates the diagnosis of {@code kad}, not started.
     *
     * @param output receives a line for each check
     * @param time the time that all checks have together
     */
    public Diagnosis(Kademlia kad, NodeSetup setup, Consumer<ObjectNode> output, Duration time) {
        this.kad = kad;
        this.setup = setup;
        this.output = output;
        this.times = StepTimes.within(time);
    }

    /**
     * Makes the checks. If the future is cancelled, no further line is written, and what runs is cancelled and closed.
     *
     * @param onClosed called once, when the future is done, the last probe is closed and the last step has returned
     * @return the last line, not written: it says whether no fault was found, and the number of checks of each result
     */
    public CompletableFuture<ObjectNode> run(Runnable onClosed) {
        CompletableFuture<ObjectNode> end = CompletableFuture.completedFuture(null)
                .thenCompose(begun -> new ListenerCheck(kad, setup, times, work).make())
                .thenAccept(checks -> checks.forEach(this::add))
                .thenCompose(done -> work.start(this::bootstrapPeers))
                .thenCompose(done -> new TableCheck(kad, setup, times, work).make())
                .thenAccept(this::add)
                .thenApplyAsync(done -> lastStep(), threads);
        var unused = end.whenComplete((line, failure) -> {
            hasEnded = true;
            if (failure == null) { // what nobody was told is told by the next diagnosis
                setup.limits().reported(counters, System.nanoTime());
            }
            work.end();
        });
        var unusedToo = work.closed().thenRun(threads::shutdown).thenRun(onClosed);
        return end;
    }

    /** Makes the checks that wait for no peer. It counts as open until it returns, also if the end comes before, as nothing ends a disk that hangs. */
    private ObjectNode lastStep() {
        if (!work.hold()) {
            throw new CancellationException();
        }
        try {
            add(AddressCheck.of(kad, setup));
            add(ClockCheck.of(identified, Instant.now()));
            add(DiskCheck.of(setup));
            counters = kad.transportCounters();
            add(LimitsCheck.of(counters, setup));
            return OutputLine.line("done")
                    .put("ok", failed == 0)
                    .put("passed", passed)
                    .put("failed", failed)
                    .put("skipped", skipped);
        } finally {
            work.release();
        }
    }

    private CompletableFuture<Void> bootstrapPeers() {
        if (setup.bootstrap().isEmpty()) {
            BootstrapChecks.withoutPeer(setup.isRunning() ? STARTED_WITHOUT : NO_BOOTSTRAP)
                    .forEach(this::add);
            return CompletableFuture.completedFuture(null);
        }
        BootstrapChecks checks = new BootstrapChecks(kad, setup, times, work);
        List<CompletableFuture<BootstrapChecks.Found>> all =
                setup.bootstrap().stream().map(checks::of).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenAccept(done -> all.forEach(each -> add(each.join())));
    }

    private void add(BootstrapChecks.Found found) {
        found.checks().forEach(this::add);
        Optional<PeerIdentification> stated = found.identification();
        stated.ifPresent(identified::add);
    }

    private void add(Check check) {
        if (hasEnded) {
            return;
        }
        if (check.isSkipped()) {
            skipped++;
        } else if (check.hasPassed()) {
            passed++;
        } else {
            failed++;
        }
        output.accept(check.line());
    }
}

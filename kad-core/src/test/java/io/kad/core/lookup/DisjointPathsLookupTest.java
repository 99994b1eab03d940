package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.LookupStrategy;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RandomPeers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of the numbers of a lookup whose paths take the result of one peer at different times, or not at all. */
class DisjointPathsLookupTest {

    private static final ResponseTimes TIMES = new ResponseTimes(new ResponseTimes.Floors(0, 0));

    private final RandomPeers random = new RandomPeers(11);
    private final PeerId self = random.peer();
    private final KadKey target = random.place();
    private final List<PeerId> closestFirst = RandomPeers.sorted(random.peers(6), target);
    private final PeerId first = closestFirst.get(0);
    private final PeerId second = closestFirst.get(1);
    private final PeerId shared = closestFirst.get(2);
    private final PeerId far = closestFirst.get(5);
    private final DisjointPathsLookup lookup =
            new DisjointPathsLookup(target, List.of(path(first, second, shared), path(far)));

    private PathLookup path(PeerId... seeds) {
        LookupConfig config = new LookupConfig(LookupStrategy.STALL, 3, 3, 2, Duration.ofSeconds(10));
        return new PathLookup(target, 2, config, peer -> TIMES, BackOff.NONE, List.of(seeds), self);
    }

    private void queryAll() {
        Optional<PeerId> next = lookup.next(0);
        while (next.isPresent()) {
            next = lookup.next(0);
        }
    }

    /** Ends the first path, which has queried the shared peer, before its result. */
    @BeforeEach
    void endTheFirstPath() {
        queryAll();
        lookup.onResponse(first, List.of(), 1);
        lookup.onResponse(second, List.of(), 1);
        assertThat(lookup.requests()).isEqualTo(4);
    }

    @Test
    void aResponseThatNoPathTakesIsNotCountedUntilOneTakesIt() {
        lookup.onResponse(shared, List.of(), 2);
        assertThat(lookup.successes()).isEqualTo(2);

        lookup.onResponse(far, List.of(shared), 3);
        queryAll();

        assertThat(lookup.closestResponders()).containsExactly(first, second, shared, far);
        assertThat(lookup.successes()).isEqualTo(4);
        assertThat(lookup.isFinished()).isTrue();
    }

    @Test
    void aFailureThatNoPathTakesIsNotCountedUntilOneTakesIt() {
        lookup.onFailure(shared, 2);
        assertThat(lookup.failures()).isZero();

        lookup.onResponse(far, List.of(shared), 3);
        queryAll();

        assertThat(lookup.closestResponders()).containsExactly(first, second, far);
        assertThat(lookup.failures()).isOne();
        assertThat(lookup.isFinished()).isTrue();
    }
}

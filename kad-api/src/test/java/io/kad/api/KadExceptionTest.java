package io.kad.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class KadExceptionTest {

    private static final QueryStats STATS = new QueryStats(5, 2, 1, 3, Duration.ofMillis(70));
    private static final PeerId PEER =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("somebody")).bytes());
    private static final TransportFailure RESET = new TransportFailure(TransportFailure.Kind.RESET, "it was reset");

    @Test
    void aFailureOfAQueryTellsWhatItHadReachedAndWhatItCost() {
        var quorum = new KadException.QuorumNotReached("1 of 3", 3, List.of(PEER), STATS);
        var timeout = new KadException.QueryTimeout("too late", List.of(PEER), STATS);

        var notFound = new KadException.NotFound("nobody has it", List.of(PEER), STATS);
        assertThat(notFound.closestPeers()).containsExactly(PEER);
        assertThat(quorum.required()).isEqualTo(3);
        assertThat(quorum.successes()).containsExactly(PEER);
        assertThat(timeout.responded()).containsExactly(PEER);
        var unanswered = KadException.NoPeers.noResponse(5, STATS);
        assertThat(unanswered.queried()).isEqualTo(5);
        assertThat(unanswered.isTableEmpty()).isFalse();
        var alone = KadException.NoPeers.emptyTable(STATS);
        assertThat(alone.queried()).isZero();
        assertThat(alone.isTableEmpty()).isTrue();
        assertThat(List.of(quorum, timeout, notFound, unanswered, alone))
                .allSatisfy(failure -> assertThat(failure.stats()).contains(STATS));
    }

    @Test
    void aFailureOutsideAQueryHasNoStatistics() {
        assertThat(new KadException.Overloaded("later").stats()).isEmpty();
        assertThat(new KadException.StoreFailed("full", new IllegalStateException()).stats())
                .isEmpty();
        assertThat(new KadException.TransportFailed(RESET))
                .hasMessage("it was reset")
                .satisfies(failed -> assertThat(failed.failure()).isEqualTo(RESET));
    }

    @Test
    void whatIsPendingIsWhatHasNoOutcomeYet() {
        assertThat(STATS.pending()).isEqualTo(2);
        assertThat(new QueryStats(0, 0, 0, 0, Duration.ZERO).pending()).isZero();
    }

    @Test
    void aQueryIsNamedByItsNumber() {
        assertThat(new QueryId(12)).hasToString("q12").isEqualTo(new QueryId(12));
    }

    @Test
    void afterDeserialisationItStillHasItsMessageAndNullNowhere() throws Exception {
        for (KadException failure : List.of(
                new KadException.QuorumNotReached("1 of 3", 3, List.of(PEER), STATS),
                new KadException.QueryTimeout("too late", List.of(PEER), STATS),
                new KadException.TransportFailed(RESET))) {
            KadException copy = copy(failure);

            assertThat(copy).hasMessage(failure.getMessage());
            assertThat(copy.stats()).isEmpty();
        }
        assertThat(((KadException.QueryTimeout) copy(new KadException.QueryTimeout("x", List.of(PEER), STATS)))
                        .responded())
                .isEmpty();
        assertThat(((KadException.TransportFailed) copy(new KadException.TransportFailed(RESET)))
                        .failure()
                        .message())
                .isEqualTo("it was reset");
    }

    private static KadException copy(KadException failure) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(failure);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (KadException) in.readObject();
        }
    }
}

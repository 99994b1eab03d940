package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.api.result.PartialResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A failure carries what was found, and says why it failed. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class FailureDetailsTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final Record RECORD = Record.of(KEY, Bytes.utf8("v"));

    private final EngineFixture fixture = new EngineFixture(EngineFixture.config()
            .set(KademliaConfig.QUERY_TIMEOUT, Duration.ofSeconds(5))
            .set(KademliaConfig.LOOKUP_STRATEGY, LookupStrategy.STALL)
            .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(Duration.ofHours(22))));

    private static TransportFailure failure(TransportFailure.Kind kind, String message) {
        return new TransportFailure(kind, message);
    }

    @Test
    void aQueryToWhichNoPeerRespondsSaysWhyEachFailed() {
        fixture.connectServers(1, 2, 3);
        fixture.start(new QuerySpec.GetClosestPeers(KEY.bytes(), 20));
        fixture.fail(fixture.pendingTo(1), failure(TransportFailure.Kind.TIMEOUT, "late"));
        fixture.fail(fixture.pendingTo(2), failure(TransportFailure.Kind.TIMEOUT, "late"));
        fixture.fail(fixture.pendingTo(3), failure(TransportFailure.Kind.UNREACHABLE, "connection refused"));

        assertThat(fixture.failureOf(KadException.NoPeers.class)).satisfies(failure -> {
            assertThat(failure)
                    .hasMessage("no peer responded (3 queried): 2 x timed out, unreachable: connection refused");
            assertThat(failure.partial().failures()).containsOnlyKeys(Peers.peer(1), Peers.peer(2), Peers.peer(3));
            assertThat(failure.stats())
                    .hasValueSatisfying(stats -> assertThat(stats.failures()).isEqualTo(3));
        });
    }

    @Test
    void anOverloadOfTheLocalPeerIsNotTheFailureOfItsPeers() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(KEY.bytes(), 20));
        fixture.fail(fixture.pendingTo(1), failure(TransportFailure.Kind.OVERLOADED, "too many requests"));

        assertThat(fixture.failureOf(KadException.Overloaded.class)).hasMessageContaining("too many requests");
    }

    /** Validator of a broken installation: a class is missing when it compares records. */
    private record Unlinked(String namespace) implements RecordValidator {

        @Override
        public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
            return Optional.empty();
        }

        @Override
        public int select(RecordKey key, List<Bytes> values, Instant now) {
            throw new NoClassDefFoundError("made up");
        }
    }

    @Test
    void aGetWhoseValidatorBreaksWhileItComparesRecordsEnds() {
        EngineFixture broken = new EngineFixture(EngineFixture.config(), new Unlinked("app"));
        broken.connectServers(1, 2, 3);
        broken.start(new QuerySpec.GetRecord(KEY, Quorum.of(3)));
        broken.recordLoaded(Optional.empty());
        Record other = Record.of(KEY, Bytes.utf8("another value"));
        broken.respond(broken.pendingTo(1), new KadResponse.GetValue(Optional.of(RECORD), List.of()));
        broken.respond(broken.pendingTo(2), new KadResponse.GetValue(Optional.of(other), List.of()));
        broken.respond(broken.pendingTo(3), new KadResponse.GetValue(Optional.empty(), List.of()));

        assertThat(broken.failureOf(KadException.QuorumNotReached.class).successes())
                .hasSize(2);
    }

    @Test
    void aGetThatFailsCarriesTheBestRecordAndThePeersThatResponded() {
        fixture.connectServers(1, 2);
        fixture.start(new QuerySpec.GetRecord(KEY, Quorum.of(2)));
        fixture.recordLoaded(Optional.empty());
        fixture.respond(fixture.pendingTo(1), new KadResponse.GetValue(Optional.of(RECORD), List.of()));
        fixture.respond(fixture.pendingTo(2), new KadResponse.GetValue(Optional.empty(), List.of()));

        assertThat(fixture.failureOf(KadException.QuorumNotReached.class)).satisfies(failure -> {
            assertThat(failure.partial().record()).map(Record::value).contains(RECORD.value());
            assertThat(failure.partial().responded()).containsExactly(Peers.peer(1), Peers.peer(2));
        });
    }

    @Test
    void aQueryThatTimesOutCarriesTheProvidersFoundSoFar() {
        fixture.connectServers(1, 2);
        fixture.start(new QuerySpec.GetProviders(KEY, 5));
        fixture.advance(new EngineEvent.ProvidersLoaded(
                fixture.last(EngineAction.LoadProviders.class).operationId(), List.of()));
        fixture.respond(
                fixture.pendingTo(1), new KadResponse.GetProviders(List.of(Peers.info(7)), List.of(Peers.info(8))));
        fixture.pass(Duration.ofSeconds(60));

        assertThat(fixture.failureOf(KadException.QueryTimeout.class).partial().providers())
                .containsExactly(Peers.info(7));
    }

    @Test
    void aGetOnAFailingLocalStoreSaysSo() {
        fixture.start(new QuerySpec.GetRecord(KEY, Quorum.one()));
        fixture.advance(new EngineEvent.StoreFailed(
                fixture.last(EngineAction.LoadRecord.class).operationId(),
                new StoreException.Failed("the disk is broken", new IllegalStateException())));

        assertThat(fixture.failureOf(KadException.StoreFailed.class)).hasMessageContaining("the disk is broken");
    }

    @Test
    void aPutThatReachedNoPeerSaysWhatBecomesOfTheLocalCopy() {
        fixture.start(new QuerySpec.PutRecord(RECORD, Quorum.one()));
        fixture.advance(new EngineEvent.ProviderSaved(
                fixture.last(EngineAction.SaveRecord.class).operationId()));

        assertThat(fixture.failureOf(KadException.NoPeers.class)).satisfies(failure -> {
            assertThat(failure).hasMessageEndingWith("; the local copy stays and will be republished");
            assertThat(failure.partial().localCopy()).isEqualTo(PartialResult.LocalCopy.REPUBLISHED);
        });
    }
}

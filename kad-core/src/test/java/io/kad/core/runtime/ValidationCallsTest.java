package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.peer.PeerFixture;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Validators, which may be slow, are called outside the locks of the store and not on the event loop, and once for each value. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class ValidationCallsTest {

    private static final RecordKey KEY = RecordKey.utf8("/stalling/x");

    private final PeerFixture fixture = new PeerFixture();
    private final List<Object> ends = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private boolean onEventLoop;

    @BeforeEach
    void watchCalls() {
        fixture.validator.onCall = () -> {
            if (Thread.holdsLock(fixture.records)) {
                violations.add("under the lock of the store");
            }
            if (onEventLoop) {
                violations.add("on the event loop");
            }
        };
    }

    @AfterEach
    void thereWereNoViolations() {
        assertThat(violations).isEmpty();
    }

    private void serve(KadRequest request) {
        serve(request, Duration.ZERO);
    }

    private void serve(KadRequest request, Duration wait) {
        InboundRequest inbound = new InboundRequest(Peers.peer(1), Peers.address(1), request);
        onEventLoop = true;
        fixture.transport.handler.onRequest(inbound, new Responder() {
            @Override
            public void respond(KadResponse response) {
                ends.add(response);
            }

            @Override
            public void completeWithoutResponse() {}

            @Override
            public void reset() {
                ends.add("reset");
            }
        });
        onEventLoop = false;
        fixture.world.stall(wait.toNanos());
        fixture.world.settle();
    }

    private static Record record(String value) {
        return Record.of(KEY, Bytes.utf8(value));
    }

    private int callsOf(Runnable work) {
        int before = fixture.validator.calls.size();
        work.run();
        return fixture.validator.calls.size() - before;
    }

    @Test
    void anInboundPutValidatesEachValueOnce() {
        assertThat(callsOf(() -> serve(new KadRequest.PutValue(record("a"))))).isOne();
        assertThat(callsOf(() -> serve(new KadRequest.PutValue(record("a")))))
                .as("the value that is stored")
                .isOne();
        fixture.validator.calls.clear();
        serve(new KadRequest.PutValue(record("b")));

        assertThat(fixture.validator.calls).containsExactlyInAnyOrder("validate b", "validate a", "select [b, a]");
        assertThat(ends).hasSize(3);
    }

    @Test
    void theTimeToLiveOfARecordBeginsWhenItIsStored() throws StoreException {
        serve(new KadRequest.PutValue(record("a")), Duration.ofHours(1));
        Optional<Instant> afterWaiting = fixture.records.get(KEY).orElseThrow().expires();
        RecordKey other = RecordKey.utf8("/stalling/y");
        serve(new KadRequest.PutValue(Record.of(other, Bytes.utf8("a"))));

        assertThat(fixture.records.get(other).orElseThrow().expires()).isEqualTo(afterWaiting);
    }

    @Test
    void aReadValidatesTheStoredRecordOnce() {
        serve(new KadRequest.PutValue(record("a")));

        assertThat(callsOf(() -> serve(new KadRequest.GetValue(KEY)))).isOne();
        assertThat(ends).last().isInstanceOf(KadResponse.GetValue.class);
    }

    @Test
    void aLocalPutAndAMergeCompareOutsideTheLock() throws StoreException {
        serve(new KadRequest.PutValue(record("a")));
        fixture.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.SaveRecord(
                        new StoreOperationId(1), record("c").withPublisher(Peers.peer(0)))));
        var put = fixture.peer.bootstrap();
        fixture.world.settle();
        assertThat(put.result()).isNotDone();
        fixture.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.MergeRecord(
                        new StoreOperationId(2), record("d"), Peers.peer(2), Optional.empty())));
        var merge = fixture.peer.bootstrap();
        fixture.world.settle();
        assertThat(merge.result()).isNotDone();

        assertThat(fixture.engine.told(EngineEvent.RecordSaved.class)).hasSize(1);
        assertThat(fixture.engine.told(EngineEvent.RecordMerged.class)).hasSize(1);
        assertThat(fixture.validator.calls).contains("validate d");
        assertThat(fixture.records.get(KEY)).isPresent();
    }

    /** A write that comes between the comparison and the update is compared too. */
    @Test
    void aWriteInBetweenIsNotLost() throws StoreException {
        RecordKey key = RecordKey.utf8("/newest/x");
        Runnable other = () -> {
            try {
                fixture.records.onCall = () -> {};
                fixture.records.update(key, stored -> Optional.of(Record.of(key, Bytes.utf8("9"))));
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        };
        int[] calls = new int[1];
        fixture.records.onCall = () -> {
            if (++calls[0] == 2) {
                other.run();
            }
        };
        serve(new KadRequest.PutValue(Record.of(key, Bytes.utf8("5"))));

        assertThat(ends).containsExactly("reset");
        assertThat(fixture.records.get(key).map(Record::value)).contains(Bytes.utf8("9"));
    }

    @Test
    void aBusyExecutorRefusesWhatHasToBeValidated() {
        fixture.world.storeIsFull = true;
        serve(new KadRequest.PutValue(record("a")));

        assertThat(ends).containsExactly("reset");
    }
}

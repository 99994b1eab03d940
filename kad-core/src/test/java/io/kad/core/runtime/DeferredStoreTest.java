package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.peer.PeerFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store filter takes entries, and the application stores them later or drops them. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class DeferredStoreTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/key");
    private static final Record RECORD = Record.of(KEY, Bytes.utf8("value"));

    private final PeerFixture fixture = new PeerFixture();
    private final List<InboundRequest> taken = new ArrayList<>();
    private final List<DhtEvent> events = new ArrayList<>();

    @BeforeEach
    void takeAll() {
        fixture.peer.onEvent(events::add);
        fixture.filter = new StoreFilter() {
            @Override
            public Decision decideRecord(InboundRequest request, Record record) {
                taken.add(request);
                return Decision.TAKEN;
            }

            @Override
            public Decision decideProvider(InboundRequest request, ProviderRecord record) {
                taken.add(request);
                return Decision.TAKEN;
            }
        };
    }

    private List<Object> serve(KadRequest request) {
        List<Object> ends = new ArrayList<>();
        fixture.transport.handler.onRequest(
                new InboundRequest(Peers.peer(1), Peers.address(1), request), new Responder() {
                    @Override
                    public void respond(KadResponse response) {
                        ends.add(response);
                    }

                    @Override
                    public void completeWithoutResponse() {
                        ends.add("finish");
                    }

                    @Override
                    public void reset() {
                        ends.add("reset");
                    }
                });
        fixture.world.settle();
        return ends;
    }

    /** Returns the number of stored records of which the engine has heard after its next event. */
    private int told() {
        var unused = fixture.peer.mode(Mode.CLIENT);
        fixture.world.settle();
        return fixture.engine.told(EngineEvent.RecordsReceived.class).stream()
                .mapToInt(event -> event.keys().size())
                .sum();
    }

    private boolean storeTaken() {
        CompletableFuture<Boolean> stored = fixture.peer.storeTaken(taken.get(taken.size() - 1));
        fixture.world.settle();
        assertThat(stored).isDone();
        return stored.join();
    }

    @Test
    void aTakenRecordIsEchoedAndStoredOnlyLater() throws StoreException {
        assertThat(serve(new KadRequest.PutValue(RECORD))).containsExactly(new KadResponse.PutValue(RECORD));
        assertThat(fixture.records.size()).isZero();
        assertThat(told()).isZero();
        InboundRequest request = taken.get(0);
        assertThat(events)
                .containsExactly(new DhtEvent.RequestTaken(request), new DhtEvent.RequestServed(request, true));

        assertThat(storeTaken()).isTrue();
        assertThat(fixture.records.get(KEY).map(Record::value)).contains(RECORD.value());
        assertThat(fixture.records.get(KEY).flatMap(Record::expires)).isPresent();
        assertThat(told()).isEqualTo(1);
        assertThat(events).last().isEqualTo(new DhtEvent.TakenStored(request, true));
        assertThat(taken).as("the filter is not asked again").hasSize(1);
    }

    @Test
    void aTakenProviderIsAcceptedAndStoredOnlyLater() throws StoreException {
        assertThat(serve(new KadRequest.AddProvider(KEY, List.of(Peers.info(1)))))
                .containsExactly("finish");
        assertThat(fixture.providers.size()).isZero();

        assertThat(storeTaken()).isTrue();
        assertThat(fixture.providers.providers(KEY, 10)).singleElement().satisfies(stored -> {
            assertThat(stored.provider()).isEqualTo(Peers.peer(1));
            assertThat(stored.expires()).isPresent();
        });
    }

    @Test
    void aTakenRecordDoesNotReplaceABetterOneThatCameInBetween() throws StoreException {
        RecordKey key = RecordKey.utf8("/newest/key");
        serve(new KadRequest.PutValue(Record.of(key, Bytes.utf8("1"))));
        fixture.filter = StoreFilter.NONE;
        serve(new KadRequest.PutValue(Record.of(key, Bytes.utf8("2"))));

        assertThat(storeTaken()).isFalse();
        assertThat(fixture.records.get(key).map(Record::value)).contains(Bytes.utf8("2"));
        assertThat(events).last().isEqualTo(new DhtEvent.TakenStored(taken.get(0), false));
    }

    @Test
    void aTakenRecordThatHasExpiredIsNotStored() throws StoreException {
        serve(new KadRequest.PutValue(RECORD.withExpires(
                Optional.of(fixture.world.environment().wallClock().instant().plusSeconds(60)))));
        fixture.world.pass(Duration.ofSeconds(61).toNanos());

        assertThat(storeTaken()).isFalse();
        assertThat(fixture.records.size()).isZero();
    }

    @Test
    void theLimitsOfTheStoreHoldLaterToo() {
        serve(new KadRequest.PutValue(RECORD));
        fixture.records.limit = 0;

        assertThat(storeTaken()).isFalse();
    }

    @Test
    void aNullDecisionIsARefusal() {
        fixture.filter = new StoreFilter() {
            @Override
            public Decision decideRecord(InboundRequest request, Record record) {
                return null;
            }
        };

        assertThat(serve(new KadRequest.PutValue(RECORD))).containsExactly("reset");
    }

    @Test
    void onlyEntriesCanBeStored() {
        InboundRequest read = new InboundRequest(Peers.peer(1), Peers.address(1), new KadRequest.GetValue(KEY));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.peer.storeTaken(read))
                .withMessage("request must be PUT_VALUE or ADD_PROVIDER");
    }

    @Test
    void aPeerThatIsClosedStoresNothing() {
        serve(new KadRequest.PutValue(RECORD));
        fixture.peer.close();

        assertThat(fixture.peer.storeTaken(taken.get(0))).isCompletedExceptionally();
    }
}

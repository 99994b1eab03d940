package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.event.RecordingSubscriber;
import io.kad.core.peer.PeerFixture;
import io.kad.core.peer.SilentLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(SilentLog.class)
class InboundServiceTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final Record RECORD = Record.of(KEY, Bytes.utf8("v"));

    private PeerFixture fixture = new PeerFixture();
    private final RecordingSubscriber<DhtEvent> subscriber = new RecordingSubscriber<>(Long.MAX_VALUE);

    /** Keeps how a request was ended. */
    private static final class RecordingResponder implements Responder {

        final List<Object> ends = new ArrayList<>();

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
    }

    private RecordingResponder serve(KadRequest request) {
        RecordingResponder responder = new RecordingResponder();
        fixture.transport.handler.onRequest(new InboundRequest(Peers.peer(1), Peers.address(1), request), responder);
        return responder;
    }

    private List<Boolean> accepted() {
        fixture.world.settle();
        return subscriber.events.stream()
                .map(DhtEvent.RequestServed.class::cast)
                .map(DhtEvent.RequestServed::accepted)
                .toList();
    }

    @Test
    void aRecordThatIsPutIsStoredEchoedAndServed() {
        fixture.peer.events().subscribe(subscriber);

        assertThat(serve(new KadRequest.PutValue(RECORD)).ends).containsExactly(new KadResponse.PutValue(RECORD));
        KadResponse.GetValue answer =
                (KadResponse.GetValue) serve(new KadRequest.GetValue(KEY)).ends.get(0);

        assertThat(answer.record().map(Record::value)).contains(RECORD.value());
        assertThat(answer.record().flatMap(Record::timeReceived)).contains(ManualEnvironment.EPOCH);
        assertThat(accepted()).containsExactly(true, true);
    }

    @Test
    void aProviderIsStoredWithoutAnAnswerAndNamedToOthers() throws StoreException {
        fixture.providers.add(new ProviderRecord(KEY, Peers.peer(2), List.of(Peers.address(2)), Optional.empty()));

        assertThat(serve(new KadRequest.AddProvider(KEY, List.of(Peers.info(1)))).ends)
                .containsExactly("finish");
        assertThat(serve(new KadRequest.GetProviders(KEY)).ends)
                .containsExactly(new KadResponse.GetProviders(List.of(Peers.info(2)), List.of()));
        assertThat(fixture.providers.providers(KEY, 10)).hasSize(2);
    }

    @Test
    void anAnnouncementOfSomebodyElseIsIgnoredWithoutAReset() throws StoreException {
        fixture.peer.events().subscribe(subscriber);

        assertThat(serve(new KadRequest.AddProvider(KEY, List.of(Peers.info(2)))).ends)
                .containsExactly("finish");
        assertThat(fixture.providers.size()).isZero();
        assertThat(accepted()).containsExactly(false);
    }

    @Test
    void theFilterDecidesWhatIsKeptAndWhoSentTheRestKnowsThatItIsNot() throws StoreException {
        fixture.peer.events().subscribe(subscriber);
        fixture.filter = new StoreFilter() {
            @Override
            public Decision decideRecord(InboundRequest request, Record record) {
                assertThat(record.expires()).as("as it would be kept").isPresent();
                return request.from().equals(Peers.peer(1)) ? Decision.REFUSE : Decision.STORE;
            }

            @Override
            public Decision decideProvider(InboundRequest request, ProviderRecord record) {
                throw new IllegalStateException("a defect");
            }
        };
        assertThat(serve(new KadRequest.PutValue(RECORD)).ends).containsExactly("reset");
        assertThat(serve(new KadRequest.AddProvider(KEY, List.of(Peers.info(1)))).ends)
                .containsExactly("reset");
        assertThat(fixture.records.size()).isZero();
        assertThat(fixture.providers.size()).isZero();
        assertThat(accepted()).containsExactly(false, false);
        fixture.filter = StoreFilter.NONE;
        assertThat(serve(new KadRequest.PutValue(RECORD)).ends).containsExactly(new KadResponse.PutValue(RECORD));
        var unused = fixture.peer.mode(Mode.CLIENT);
        fixture.world.settle();
        assertThat(fixture.engine.told(EngineEvent.RecordsReceived.class))
                .containsExactly(new EngineEvent.RecordsReceived(List.of(KEY.kadKey())));
    }

    /** To wake the engine costs more than to store a record, and its next event is early enough. */
    @Test
    void theEngineHearsOfStoredRecordsBeforeItsNextEvent() {
        fixture.world.settle();
        int before = fixture.engine.events.size();
        assertThat(serve(new KadRequest.PutValue(RECORD)).ends).hasSize(1);
        Record other = Record.of(RecordKey.utf8("/app/other"), Bytes.utf8("value"));
        assertThat(serve(new KadRequest.PutValue(other)).ends).hasSize(1);
        assertThat(fixture.world.engine).isEmpty();

        var unused = fixture.peer.mode(Mode.CLIENT);
        fixture.world.settle();

        assertThat(fixture.engine.events.subList(before, fixture.engine.events.size()))
                .containsExactly(
                        new EngineEvent.RecordsReceived(
                                List.of(KEY.kadKey(), other.key().kadKey())),
                        new EngineEvent.SetMode(Mode.CLIENT));
    }

    @Test
    void theEngineIsWokenForABatchOfStoredRecords() {
        fixture.world.settle();
        for (int number = 1; number < ReceivedRecords.BATCH; number++) {
            serve(new KadRequest.PutValue(RECORD));
        }
        fixture.world.settle();
        assertThat(fixture.engine.told(EngineEvent.RecordsReceived.class)).isEmpty();

        serve(new KadRequest.PutValue(RECORD));
        fixture.world.settle();

        assertThat(fixture.engine.told(EngineEvent.RecordsReceived.class))
                .containsExactly(
                        new EngineEvent.RecordsReceived(Collections.nCopies(ReceivedRecords.BATCH, KEY.kadKey())));
    }

    @Test
    void whatIsNotValidIsReset() {
        fixture.peer.events().subscribe(subscriber);

        assertThat(serve(new KadRequest.PutValue(Record.of(RecordKey.of(Bytes.EMPTY), Bytes.EMPTY))).ends)
                .containsExactly("reset");
        assertThat(accepted()).containsExactly(false);
    }

    @Test
    void aStoreThatIsFullResetsTheRequest() {
        fixture.records.limit = 0;
        fixture.providers.limit = 0;

        assertThat(serve(new KadRequest.PutValue(RECORD)).ends).containsExactly("reset");
        assertThat(serve(new KadRequest.AddProvider(KEY, List.of(Peers.info(1)))).ends)
                .containsExactly("reset");
    }

    @Test
    void aStoreThatBreaksResetsTheRequest() {
        fixture.records.defect = new IllegalStateException("a defect");

        assertThat(serve(new KadRequest.GetValue(KEY)).ends).containsExactly("reset");
    }

    /** Responder whose event loop has terminated, counting its calls. */
    private static final class RejectingResponder implements Responder {

        private int resets;

        @Override
        public void respond(KadResponse response) {
            throw new RejectedExecutionException("event loop terminated");
        }

        @Override
        public void completeWithoutResponse() {
            respond(new KadResponse.Ping());
        }

        @Override
        public void reset() {
            resets++;
        }
    }

    @Test
    void aResponderThatFailsIsNotAFailureOfTheStoreAndEndsItsRequest() {
        for (boolean storesBlock : new boolean[] {false, true}) {
            fixture = new PeerFixture(storesBlock);
            fixture.peer.events().subscribe(subscriber);
            RejectingResponder responder = new RejectingResponder();
            int count = InboundService.MAX_IN_PROGRESS + 1;
            try (RecordedLog storeLog = new RecordedLog(StoreAccess.class)) {
                Logger logger = (Logger) LoggerFactory.getLogger(StoreAccess.class);
                logger.setLevel(Level.ERROR);
                for (int number = 0; number < count; number++) {
                    fixture.transport.handler.onRequest(
                            new InboundRequest(Peers.peer(1), Peers.address(1), new KadRequest.GetValue(KEY)),
                            responder);
                    fixture.world.settle();
                }
                logger.setLevel(null);
                assertThat(storeLog.lines).isEmpty();
            }
            assertThat(responder.resets).isEqualTo(count);
            assertThat(serve(new KadRequest.Ping()).ends).containsExactly(new KadResponse.Ping());
        }
        assertThat(accepted()).filteredOn(served -> !served).hasSize(2 * (InboundService.MAX_IN_PROGRESS + 1));
    }

    @Test
    void aRepeatedRequestIsServedAndNotReportedAgain() {
        fixture.peer.events().subscribe(subscriber);
        RecordingResponder responder = new RecordingResponder();
        fixture.transport.handler.onRequest(
                new InboundRequest(Peers.peer(1), Peers.address(1), new KadRequest.GetValue(KEY), true), responder);
        fixture.world.settle();
        assertThat(responder.ends).hasSize(1);
        assertThat(accepted()).isEmpty();
        serve(new KadRequest.GetValue(KEY));
        assertThat(accepted()).hasSize(1);
    }

    @Test
    void aPeerThatIsClosedServesNobody() {
        fixture.peer.close();

        assertThat(serve(new KadRequest.GetValue(KEY)).ends).containsExactly("reset");
    }

    @Test
    void theEngineIsNotWaitedFor() {
        var unused = fixture.peer.bootstrap();

        assertThat(serve(new KadRequest.FindNode(Bytes.utf8("x"))).ends).hasSize(1);
        assertThat(serve(new KadRequest.Ping()).ends).containsExactly(new KadResponse.Ping());
        assertThat(fixture.world.engine).isNotEmpty();
    }

    @Test
    void aStoreThatMayBlockIsReadOnItsOwnExecutor() {
        fixture = new PeerFixture(true);

        RecordingResponder responder = serve(new KadRequest.GetValue(KEY));
        assertThat(responder.ends).isEmpty();

        fixture.world.settle();
        assertThat(responder.ends).containsExactly(new KadResponse.GetValue(Optional.empty(), List.of()));
    }

    @Test
    void aStoreExecutorThatIsFullResetsTheRequest() {
        fixture = new PeerFixture(true);
        fixture.world.storeIsFull = true;

        RecordingResponder responder = serve(new KadRequest.GetValue(KEY));
        fixture.world.settle();

        assertThat(responder.ends).containsExactly("reset");
    }

    @Test
    void moreRequestsThanMayBeInProgressAreReset() {
        fixture = new PeerFixture(true);
        List<RecordingResponder> atLimit = new ArrayList<>();
        for (int number = 0; number < InboundService.MAX_IN_PROGRESS; number++) {
            atLimit.add(serve(new KadRequest.GetValue(KEY)));
        }

        assertThat(serve(new KadRequest.GetValue(KEY)).ends).containsExactly("reset");
        assertThat(serve(new KadRequest.Ping()).ends).containsExactly("reset");

        ManualEnvironment.runNext(fixture.world.store);
        assertThat(serve(new KadRequest.Ping()).ends).containsExactly(new KadResponse.Ping());
        fixture.world.settle();
        assertThat(atLimit).allSatisfy(responder -> assertThat(responder.ends).hasSize(1));
    }

    @Test
    void aConnectedClientIsToldToThoseWhoLookForItUntilItsLastConnectionEnds() {
        PeerInfo client = Peers.info(5);
        KadRequest lookFor = new KadRequest.FindNode(client.id().bytes());
        TransportEvent identified = new TransportEvent.PeerIdentified(
                Peers.identification(5, Set.of(), client.addresses()), Peers.inbound(5));

        fixture.transport.handler.onEvent(new TransportEvent.ConnectionOpened(Peers.inbound(5)));
        assertThat(peersNamed(lookFor)).isEmpty();
        fixture.transport.handler.onEvent(identified);
        fixture.transport.handler.onEvent(new TransportEvent.ConnectionOpened(Peers.outbound(5)));
        assertThat(peersNamed(lookFor)).containsExactly(client.id());

        fixture.transport.handler.onEvent(new TransportEvent.ConnectionClosed(Peers.outbound(5), 0));
        assertThat(peersNamed(lookFor)).containsExactly(client.id());

        fixture.transport.handler.onEvent(new TransportEvent.ConnectionClosed(Peers.inbound(5), 1));
        assertThat(peersNamed(lookFor)).isEmpty();
        fixture.transport.handler.onEvent(identified);
        assertThat(peersNamed(lookFor)).isEmpty();
    }

    private List<PeerId> peersNamed(KadRequest request) {
        return ((KadResponse.FindNode) serve(request).ends.get(0))
                .closerPeers().stream().map(PeerInfo::id).toList();
    }
}

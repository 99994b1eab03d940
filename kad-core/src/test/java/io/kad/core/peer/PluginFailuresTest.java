package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.Mode;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.KadEngine;
import io.kad.core.engine.Peers;
import io.kad.core.lookup.DialAllowance;
import io.kad.core.metrics.BrokenMetrics;
import io.kad.core.metrics.PeerMetrics;
import io.kad.core.metrics.RecordedMetrics;
import io.kad.core.query.RequestId;
import io.kad.core.record.Validators;
import io.kad.core.runtime.ManualEnvironment;
import io.kad.core.runtime.RecordingTransport;
import io.kad.core.runtime.ScriptedEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a plug-in throws or returns is a failure of that operation which names the plug-in, and nothing hangs. */
@ExtendWith(SilentLog.class)
@Timeout(60)
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class PluginFailuresTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private final NoClassDefFoundError missing = new NoClassDefFoundError("no/such/Driver");

    private final PeerFixture fixture = new PeerFixture();
    private final ManualEnvironment world = fixture.world;
    private final ScriptedEngine engine = fixture.engine;
    private final RecordingTransport transport = fixture.transport;
    private final Kademlia peer = fixture.peer;

    private Kademlia real() {
        return fixture.start(
                new KadEngine(Peers.peer(0), fixture.peer.config(), new Validators(List.of()), new Random(1)),
                world.environment());
    }

    private Throwable failureOf(CompletableFuture<?> future) {
        world.settle();
        assertThat(future).isCompletedExceptionally();
        return future.handle((value, failure) -> failure).join();
    }

    private void storeThrows(Throwable fault) {
        fixture.records.onCall = () -> {
            throw (Error) fault;
        };
    }

    @Test
    void aStoreThatThrowsAnErrorFailsThePutAndLaterQueriesGoOn() {
        Kademlia kad = real();
        storeThrows(missing);
        Throwable failure = failureOf(
                kad.putRecord(Record.of(KEY, Bytes.utf8("v")), Quorum.one()).result());

        assertThat(failure)
                .isInstanceOf(KadException.StoreFailed.class)
                .hasMessageContaining(HeapRecordStore.class.getName())
                .hasMessageContaining("no/such/Driver");
        fixture.records.onCall = () -> {};
        assertThat(failureOf(kad.putRecord(Record.of(KEY, Bytes.utf8("v")), Quorum.one())
                        .result()))
                .isInstanceOf(KadException.NoPeers.class);
        assertThat(failureOf(kad.findPeer(Peers.peer(2)).result())).isInstanceOf(KadException.NoPeers.class);
    }

    @Test
    void aStoreThatThrowsAnErrorFailsTheCallOfTheUser() {
        storeThrows(missing);

        assertThat(failureOf(peer.removeRecord(KEY)))
                .isInstanceOf(KadException.StoreFailed.class)
                .hasMessageContaining(HeapRecordStore.class.getName());
        assertThat(failureOf(peer.storeSizes())).isInstanceOf(KadException.StoreFailed.class);
    }

    @Test
    void anEngineThatThrowsAnErrorFailsTheCommandAndTheNextOneIsProcessed() {
        engine.on(EngineEvent.RemovePeer.class, (event, out) -> {
            throw missing;
        });
        engine.on(
                EngineEvent.RemoveAddress.class,
                (event, out) -> out.emit(new EngineAction.CompleteRemove(event.commandId(), true)));
        var failing = peer.removePeer(Peers.peer(1));
        var working = peer.removeAddress(Peers.peer(1), Peers.address(1));

        assertThat(failureOf(failing)).isInstanceOf(KadException.InternalFailure.class);
        assertThat(working).isCompletedWithValue(true);
    }

    @Test
    void aTransportThatThrowsLeaksNoFuture() {
        transport.defect = missing;
        List<CompletableFuture<?>> calls = List.of(
                peer.connect(Peers.info(1), SECOND),
                peer.identify(Peers.info(1), SECOND),
                peer.ping(Peers.info(1), SECOND),
                peer.addAddress(Peers.peer(1), Peers.address(1)),
                peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));

        assertThat(calls)
                .allSatisfy(call -> assertThat(failureOf(call))
                        .isInstanceOfSatisfying(KadException.TransportFailed.class, failed -> {
                            assertThat(failed.failure().kind()).isEqualTo(TransportFailure.Kind.DEFECT);
                            assertThat(failed).hasMessageContaining(RecordingTransport.class.getName());
                        }));
        assertThatThrownBy(peer::connections).isInstanceOf(KadException.TransportFailed.class);
    }

    @Test
    void aTransportThatReturnsNullFailsTheCall() {
        transport.returnsNull = true;
        assertThat(failureOf(peer.ping(Peers.info(1), SECOND)))
                .isInstanceOf(KadException.TransportFailed.class)
                .hasMessageContaining(RecordingTransport.class.getName() + " returned null");
        assertThatThrownBy(peer::connections).hasMessageContaining("returned null");

        transport.returnsNull = false;
        var connect = peer.connect(Peers.info(1), SECOND);
        transport.connects.get(0).callback.onSuccess(null);
        assertThat(failureOf(connect)).hasMessageContaining("returned null");
    }

    @Test
    void aTransportThatRefusesAModeFailsTheCommand() {
        engine.on(EngineEvent.SetMode.class, (event, out) -> out.emit(new EngineAction.Serve(true)));
        transport.defect = new IllegalStateException("broken");

        assertThat(failureOf(peer.mode(Mode.SERVER)))
                .isInstanceOf(KadException.TransportFailed.class)
                .hasMessageContaining(RecordingTransport.class.getName());
    }

    @Test
    void everyBrokenRequestOfTheEngineFails() {
        engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.SendRequest(
                        new RequestId(event.queryId().number()),
                        new QueryId(1),
                        Peers.info(1),
                        new KadRequest.GetValue(KEY),
                        SECOND,
                        DialAllowance.UNLIMITED)));
        transport.defect = missing;
        peer.bootstrap();
        world.settle();
        transport.defect = null;
        transport.returnsNull = true;
        peer.bootstrap();
        world.settle();
        transport.returnsNull = false;
        peer.bootstrap();
        world.settle();
        transport.requests.get(1).callback.onSuccess(null);
        world.settle();

        assertThat(engine.told(EngineEvent.RequestFailed.class))
                .extracting(failed -> failed.failure().kind())
                .hasSize(3)
                .containsOnly(TransportFailure.Kind.DEFECT);
    }

    @Test
    void aValidatorThatThrowsMakesTheRecordInvalidAndIsNamed() {
        RecordValidator broken = new RecordValidator() {
            @Override
            public String namespace() {
                return "app";
            }

            @Override
            public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
                throw missing;
            }

            @Override
            public int select(RecordKey key, List<Bytes> values, Instant now) {
                return 0;
            }
        };
        try (Kademlia kad = Kademlia.builder()
                .identity(TestIdentity.of(0))
                .config(fixture.peer.config())
                .transport(new RecordingTransport())
                .recordStore(new HeapRecordStore())
                .providerStore(new HeapProviderStore())
                .validator(broken)
                .build()) {
            CompletableFuture<?> put =
                    kad.putRecord(Record.of(KEY, Bytes.utf8("v")), Quorum.one()).result();
            assertThatThrownBy(() -> put.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(KadException.InvalidRecord.class)
                    .hasMessageContaining(broken.getClass().getName());
        }
    }

    @ParameterizedTest
    @EnumSource
    void metricsThatThrowDisturbNoOperation(BrokenMetrics.Defect defect) throws StoreException {
        fixture.metrics = PeerMetrics.of(
                new BrokenMetrics(defect, missing), world.environment().nanoTime());
        Kademlia kad = real();
        List<String> responses = new ArrayList<>();
        world.settle();
        transport.handler.onRequest(
                new InboundRequest(Peers.peer(1), Peers.address(1), new KadRequest.FindNode(Bytes.utf8("target"))),
                new Responder() {
                    @Override
                    public void respond(KadResponse response) {
                        responses.add("response");
                    }

                    @Override
                    public void completeWithoutResponse() {
                        responses.add("finish");
                    }

                    @Override
                    public void reset() {
                        responses.add("reset");
                    }
                });
        assertThat(responses).containsExactly("response");

        Record record = Record.of(KEY, Bytes.utf8("v"));
        assertThat(failureOf(kad.putRecord(record, Quorum.one()).result())).isInstanceOf(KadException.NoPeers.class);
        assertThat(fixture.records.get(KEY)).isPresent();
        CompletableFuture<?> added = kad.addAddress(Peers.peer(1), Peers.address(1));
        world.settle();
        assertThat(added).isCompleted();
        CompletableFuture<?> find = kad.findPeer(Peers.peer(2)).result();
        world.settle();
        assertThat(transport.requests).isNotEmpty();
        transport.requests.forEach(request -> request.callback.onSuccess(new KadResponse.FindNode(List.of())));
        world.settle();
        assertThat(find).isDone();
        assertThat(kad.queries()).isEmpty();
    }

    @Test
    void aTransportThatThrowsIsNamedAlsoIfItsRequestsAreMeasured() {
        fixture.metrics =
                PeerMetrics.of(new RecordedMetrics(), world.environment().nanoTime());
        Kademlia kad = fixture.start(engine, world.environment());
        engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.SendRequest(
                        new RequestId(event.queryId().number()),
                        new QueryId(1),
                        Peers.info(1),
                        new KadRequest.GetValue(KEY),
                        SECOND,
                        DialAllowance.UNLIMITED)));
        transport.defect = missing;
        kad.bootstrap();
        world.settle();

        assertThat(engine.told(EngineEvent.RequestFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().message())
                        .startsWith("transport " + RecordingTransport.class.getName() + " failed"));
    }

    @Test
    void aPluginThatThrowsAnErrorInCloseDoesNotHinderTheOthers() throws StoreException {
        HeapRecordStore records = new HeapRecordStore();
        Kademlia kad = Kademlia.builder()
                .identity(TestIdentity.of(0))
                .config(fixture.peer.config())
                .transport(new RecordingTransport() {
                    @Override
                    public void close() {
                        throw missing;
                    }
                })
                .recordStore(records)
                .providerStore(new HeapProviderStore())
                .build();
        var waiting = kad.ping(Peers.info(1), SECOND);
        kad.close();

        assertThat(waiting).isCompletedExceptionally();
        assertThat(Set.of(kad.peerId())).isNotEmpty();
    }
}

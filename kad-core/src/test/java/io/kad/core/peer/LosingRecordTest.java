package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.event.RecordingSubscriber;
import io.kad.core.query.StoreOperationId;
import io.kad.core.runtime.ScriptedEngine;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Merges of records that lost to one that the local peer may not store. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class LosingRecordTest {

    private static final RecordKey KEY = RecordKey.utf8("key");

    private final PeerFixture fixture = new PeerFixture();
    private final ScriptedEngine engine = fixture.engine;
    private final Kademlia peer = fixture.peer;

    private void start(EngineAction... actions) {
        engine.on(
                EngineEvent.StartQuery.class, (event, out) -> Stream.of(actions).forEach(out::emit));
        var unused = peer.bootstrap();
        fixture.world.settle();
    }

    @Test
    void aRecordThatLostToOneThatMayNotBeStoredIsRemovedAndThatIsTold() throws StoreException {
        start(new EngineAction.SaveRecord(
                new StoreOperationId(1), Record.of(KEY, Bytes.utf8("own")).withPublisher(Peers.peer(0))));
        Record own = fixture.records.get(KEY).orElseThrow();
        Record ahead = Record.of(KEY, Bytes.utf8("ahead"))
                .withPublished(Optional.of(PublicationTime.stated(
                        own.published().orElseThrow().time().plusSeconds(3600))));
        Record another = Record.of(KEY, Bytes.utf8("another")).withPublisher(Peers.peer(0));
        start(
                new EngineAction.MergeRecord(new StoreOperationId(2), ahead, Peers.peer(3), Optional.empty()),
                new EngineAction.MergeRecord(new StoreOperationId(3), ahead, Peers.peer(3), Optional.of(another)));
        assertThat(engine.told(EngineEvent.RecordMerged.class))
                .extracting(EngineEvent.RecordMerged::stored)
                .containsExactly(Optional.of(own), Optional.of(own));
        RecordingSubscriber<DhtEvent> told = new RecordingSubscriber<>(10);
        peer.events().subscribe(told);
        start(new EngineAction.MergeRecord(new StoreOperationId(4), ahead, Peers.peer(3), Optional.of(own)));
        fixture.world.settle();

        assertThat(fixture.records.get(KEY)).isEmpty();
        assertThat(told.events).contains(new DhtEvent.RecordSuperseded(own, ahead, Peers.peer(3)));
    }
}

package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.spi.store.StoreException;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.peer.PeerFixture;
import io.kad.core.query.StoreOperationId;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActionExecutorTest {

    private final PeerFixture fixture = new PeerFixture();

    private void getRecord(String key) {
        fixture.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) -> out.emit(new EngineAction.LoadRecord(
                        new StoreOperationId(event.queryId().number()), RecordKey.utf8(key))));
        fixture.peer.getRecord(RecordKey.utf8(key), Quorum.one());
        fixture.world.settle();
    }

    @Test
    void aStoreThatKeepsFailingIsLoggedOnceForEachKindOfFailure() {
        try (RecordedLog log = new RecordedLog(StoreAccess.class)) {
            fixture.records.failure = new StoreException.Failed("the disk is broken", new IOException("made up"));
            getRecord("a");
            getRecord("b");
            fixture.records.failure = new StoreException.Full("a limit, which only its caller must know");
            getRecord("c");

            assertThat(log.lines.stream().filter(line -> line.startsWith("WARN")))
                    .hasSize(1)
                    .allMatch(line -> line.contains(fixture.records.getClass().getName()));
        }
        assertThat(fixture.engine.told(EngineEvent.StoreFailed.class)).hasSize(3);
    }

    @Test
    void peersOfAnotherNetworkAndWithTheKeyOfThisPeerAreWarnedOfOnceEach() {
        DhtEvent otherNetwork = new DhtEvent.ProtocolMismatch(Peers.peer(1), "/here/kad/1.0.0", "/there/kad/1.0.0");
        DhtEvent sameKey = new DhtEvent.DuplicateIdentity(Peers.peer(2), Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"));
        fixture.engine.on(
                EngineEvent.StartQuery.class,
                (event, out) ->
                        List.of(otherNetwork, sameKey).forEach(each -> out.emit(new EngineAction.EmitDhtEvent(each))));
        try (RecordedLog log = new RecordedLog(ActionExecutor.class)) {
            fixture.peer.getRecord(RecordKey.utf8("a"), Quorum.one());
            fixture.peer.getRecord(RecordKey.utf8("b"), Quorum.one());
            fixture.world.settle();

            assertThat(log.lines).hasSize(2);
            assertThat(log.lines.get(0)).startsWith("WARN").contains("/here/kad/1.0.0", "/there/kad/1.0.0");
            assertThat(log.lines.get(1)).startsWith("WARN").contains("/ip4/127.0.0.1/tcp/4001");
        }
    }
}

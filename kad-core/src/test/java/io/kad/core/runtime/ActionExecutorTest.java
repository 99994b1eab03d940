package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.spi.store.StoreException;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.peer.PeerFixture;
import io.kad.core.query.StoreOperationId;
import java.io.IOException;
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
}

package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.job.BackgroundWork;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the engine tells of its background work to those who measure it. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class BackgroundEventTest {

    private static final DhtEvent.RepublishKind RECORD = DhtEvent.RepublishKind.RECORD;

    private static EngineFixture republishing() {
        EngineFixture fixture = new EngineFixture(EngineFixture.config()
                .set(KademliaConfig.REPUBLISH_PARALLELISM, 2)
                .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(Duration.ofHours(10))));
        fixture.connectServers(1);
        fixture.pass(Duration.ofHours(12));
        return fixture;
    }

    private static Record local(int number) {
        return Record.of(RecordKey.of(Bytes.utf8("/app/" + number)), Bytes.utf8("value"))
                .withPublisher(EngineFixture.SELF);
    }

    private static void pageLoaded(EngineFixture fixture, int records, Optional<Bytes> next) {
        fixture.advance(new EngineEvent.RecordPageLoaded(
                fixture.last(EngineAction.LoadRecordPage.class).operationId(),
                new Page<>(
                        IntStream.range(0, records)
                                .mapToObj(BackgroundEventTest::local)
                                .toList(),
                        next)));
    }

    /** Reads each entry again as one that is gone, until none is read. */
    private static void entriesAreGone(EngineFixture fixture, int entries) {
        for (int entry = 0; entry < entries; entry++) {
            fixture.advance(new EngineEvent.RecordLoaded(
                    fixture.all(EngineAction.LoadRecord.class).get(entry).operationId(), Optional.empty()));
        }
    }

    private static <E extends BackgroundEvent> List<E> events(EngineFixture fixture, Class<E> kind) {
        return fixture.all(EngineAction.ReportBackgroundEvent.class).stream()
                .map(EngineAction.ReportBackgroundEvent::event)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void aRunTellsWhatItHasReadAndNotHandledUntilNothingIsLeft() {
        EngineFixture fixture = republishing();
        pageLoaded(fixture, 3, Optional.of(Bytes.utf8("cursor")));
        entriesAreGone(fixture, 3);
        pageLoaded(fixture, 0, Optional.empty());
        assertThat(events(fixture, BackgroundEvent.RunProgressed.class))
                .containsExactly(
                        new BackgroundEvent.RunProgressed(RECORD, true, 0, 0),
                        new BackgroundEvent.RunProgressed(RECORD, true, 3, 3),
                        new BackgroundEvent.RunProgressed(RECORD, true, 3, 2),
                        new BackgroundEvent.RunProgressed(RECORD, true, 3, 1),
                        new BackgroundEvent.RunProgressed(RECORD, true, 3, 0),
                        new BackgroundEvent.RunProgressed(RECORD, false, 0, 0));
    }

    @Test
    void aBackgroundQueryIsToldFromItsStartToItsEnd() {
        EngineFixture fixture = republishing();
        pageLoaded(fixture, 1, Optional.empty());
        fixture.recordLoaded(Optional.of(local(0)));
        assertThat(events(fixture, BackgroundEvent.QueriesChanged.class))
                .containsExactly(new BackgroundEvent.QueriesChanged(BackgroundWork.REPUBLICATION, 1));
        fixture.skip(Duration.ofSeconds(3));
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.REFUSED));

        assertThat(events(fixture, BackgroundEvent.QueriesChanged.class))
                .last()
                .isEqualTo(new BackgroundEvent.QueriesChanged(BackgroundWork.REPUBLICATION, 0));
        assertThat(events(fixture, BackgroundEvent.QueryEnded.class))
                .singleElement()
                .satisfies(ended -> {
                    assertThat(ended.work()).isEqualTo(BackgroundWork.REPUBLICATION);
                    assertThat(ended.failure()).containsInstanceOf(KadException.class);
                    assertThat(ended.stats().requests()).isEqualTo(1);
                    assertThat(ended.stats().elapsed()).isEqualTo(Duration.ofSeconds(3));
                });
        assertThat(events(fixture, BackgroundEvent.RunProgressed.class))
                .endsWith(
                        new BackgroundEvent.RunProgressed(RECORD, false, 1, 1),
                        new BackgroundEvent.RunProgressed(RECORD, false, 0, 0));
    }
}

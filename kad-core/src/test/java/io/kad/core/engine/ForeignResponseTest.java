package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A response that answers no request of the local peer, or another one, teaches it nothing. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class ForeignResponseTest {

    private static final KadResponse WRONG_KIND = new KadResponse.Ping();

    private final EngineFixture fixture = new EngineFixture();

    /** Connects to peer 2, which has not sent identify, and lets a lookup query it. */
    private EngineAction.SendRequest requestToUnidentified() {
        fixture.connectServers(1);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(2)));
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(Peers.info(2))));
        return fixture.pendingTo(2);
    }

    @Test
    void aMatchingResponseInsertsItsSender() {
        EngineAction.SendRequest request = requestToUnidentified();
        fixture.respond(request, new KadResponse.FindNode(List.of()));

        assertThat(fixture.snapshot().contains(Peers.peer(2))).isTrue();
    }

    @Test
    void aResponseOfAnotherKindDoesNotInsertItsSender() {
        EngineAction.SendRequest request = requestToUnidentified();
        fixture.respond(request, WRONG_KIND);

        assertThat(fixture.snapshot().contains(Peers.peer(2))).isFalse();
        assertThat(fixture.queryEvents(QueryEvent.RequestFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().kind()).isEqualTo(TransportFailure.Kind.INVALID));
    }

    @Test
    void anEchoOfAnotherRecordDoesNotInsertItsSender() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(2)));
        Record record = Record.of(RecordKey.utf8("/app/one"), Bytes.utf8("value"));
        fixture.start(new QuerySpec.PutRecordTo(record, List.of(Peers.info(2)), Quorum.one()));
        EngineAction.SendRequest put = fixture.pendingTo(2);
        Record other = Record.of(record.key(), Bytes.utf8("another"));
        fixture.respond(put, new KadResponse.PutValue(other));

        assertThat(fixture.snapshot().contains(Peers.peer(2))).isFalse();
    }

    @Test
    void aResponseOfAnotherKindIsNotMeasured() {
        fixture.connectServers(1);
        Duration unmeasured = requestTimeout();
        fixture.pass(Duration.ofMillis(20));
        fixture.respond(fixture.pendingTo(1), WRONG_KIND);

        assertThat(requestTimeout()).isEqualTo(unmeasured);
        fixture.pass(Duration.ofMillis(20));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of()));
        assertThat(requestTimeout()).isLessThan(unmeasured);
    }

    private Duration requestTimeout() {
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        return fixture.pendingTo(1).timeout();
    }

    @Test
    void anUnsolicitedResponseHasNoEffect() {
        EngineAction.SendRequest request = requestToUnidentified();
        RequestId unknown = new RequestId(request.requestId().number() + 100);
        assertThat(fixture.advance(new EngineEvent.ResponseReceived(unknown, new KadResponse.FindNode(List.of()))))
                .isEmpty();

        fixture.respond(request, new KadResponse.FindNode(List.of()));
        int before = fixture.actions().size();
        fixture.respond(request, new KadResponse.FindNode(List.of(Peers.info(3))));
        assertThat(fixture.actions()).as("the second response to one request").hasSize(before);
    }
}

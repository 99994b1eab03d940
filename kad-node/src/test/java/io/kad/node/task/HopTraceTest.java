package io.kad.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.future.QueryHandle;
import io.kad.core.query.QuerySpec;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class HopTraceTest {

    private static final PeerId PEER =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("a peer")).bytes());
    private static final QueryId ID = new QueryId(1);
    private static final RecordKey KEY = RecordKey.utf8("/app/x");

    private final List<ObjectNode> lines = new ArrayList<>();
    private final QueryHandle<PutResult> put =
            TestQueries.query(ID, new QuerySpec.PutRecord(Record.of(KEY, Bytes.EMPTY), Quorum.one()));

    private void emit(QueryEvent event) {
        put.emit(event, QueryStats.NONE);
    }

    private void send() {
        emit(new QueryEvent.RequestSent(ID, PEER, KadKey.hash(KEY.bytes()).distance(PEER.kadKey()), 1));
    }

    private void respond(List<PeerId> closer) {
        send();
        emit(new QueryEvent.ResponseReceived(ID, PEER, closer, Duration.ofMillis(1)));
    }

    private List<String> answers() throws TaskFailure {
        put.complete(new PutResult(KEY, List.of(), List.of(), List.of(), Optional.empty(), 1, QueryStats.NONE));
        Kademlia none = (Kademlia) Proxy.newProxyInstance(
                Kademlia.class.getClassLoader(), new Class<?>[] {Kademlia.class}, (proxy, method, arguments) -> null);
        HopTrace.await(
                new TaskContext(
                        none, lines::add, Optional.empty(), Deadline.after(Duration.ofMinutes(1)), Runnable::run),
                put);
        return lines.stream().map(line -> line.path("answer").asText()).toList();
    }

    @Test
    void aPutSaysOfEachRequestToAPeerWhatItWasFor() throws TaskFailure {
        respond(List.of(PEER));
        respond(List.of());
        assertThat(answers()).containsExactly("1 closer peer", "stored");
    }

    @Test
    void aPeerThatDidNotStoreIsReadAfterwards() throws TaskFailure {
        respond(List.of());
        send();
        emit(new QueryEvent.RequestFailed(
                ID, PEER, new TransportFailure(TransportFailure.Kind.RESET, "stream reset"), Duration.ofMillis(1)));
        respond(List.of());
        assertThat(answers())
                .containsExactly("0 closer peers", "not stored: RESET: stream reset", "read, as it did not store");
    }
}

package io.kad.node.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.PartialResult;
import io.kad.core.future.QueryHandle;
import io.kad.core.query.QuerySpec;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FindProvidersTaskTest {

    private static final String KEY = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
    private static final PeerId PROVIDER =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("a provider")).bytes());
    private static final QueryId ID = new QueryId(1);

    private final QueryHandle<GetProvidersResult> query =
            TestQueries.query(ID, new QuerySpec.GetProviders(RecordKey.utf8("x"), 0));
    private final List<ObjectNode> lines = new ArrayList<>();
    private final Kademlia kad = (Kademlia) Proxy.newProxyInstance(
            Kademlia.class.getClassLoader(), new Class<?>[] {Kademlia.class}, (proxy, method, arguments) -> query);

    @Test
    void aProviderIsWrittenOnceWithTheAddressesThatAreKnownAtTheEnd() throws TaskFailure {
        PeerInfo resolved = PeerInfo.of(PROVIDER, List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")));
        query.emit(
                new QueryEvent.ProviderFound(ID, Optional.empty(), PeerInfo.of(PROVIDER, List.of())), QueryStats.NONE);
        query.complete(new GetProvidersResult(List.of(resolved), QueryStats.NONE));

        run();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).get("peerId").asText()).isEqualTo(PROVIDER.toString());
        assertThat(lines.get(0).get("addresses")).hasSize(1);
    }

    /** The failure carries what was found; a provider whose event had no address is written too. */
    @Test
    void providersThatWereFoundAreWrittenAlsoIfTheLookupFails() {
        PeerInfo resolved = PeerInfo.of(PROVIDER, List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")));
        query.emit(
                new QueryEvent.ProviderFound(ID, Optional.empty(), PeerInfo.of(PROVIDER, List.of())), QueryStats.NONE);
        query.fail(new KadException.QueryTimeout("query timed out after 60 s", List.of(), QueryStats.NONE)
                .initPartial(
                        new PartialResult(
                                Optional.empty(), List.of(resolved), List.of(), Map.of(), PartialResult.LocalCopy.NONE),
                        QueryStats.NONE));

        assertThatExceptionOfType(TaskFailure.class).isThrownBy(this::run).satisfies(failure -> {
            assertThat(failure.line().get("code").asText()).isEqualTo("timeout");
            assertThat(failure.line().get("ok").asBoolean()).isFalse();
        });
        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.get("event").asText()).isEqualTo("provider");
            assertThat(line.get("peerId").asText()).isEqualTo(PROVIDER.toString());
            assertThat(line.get("addresses")).hasSize(1);
        });
    }

    @Test
    void providersOfWhichOnlyAnEventIsKnownAreWrittenIfTheTimeIsOver() {
        query.emit(
                new QueryEvent.ProviderFound(ID, Optional.empty(), PeerInfo.of(PROVIDER, List.of())), QueryStats.NONE);

        assertThatExceptionOfType(TaskFailure.class)
                .isThrownBy(() -> run(Duration.ofMillis(50)))
                .satisfies(failure ->
                        assertThat(failure.line().get("code").asText()).isEqualTo("timeout"));
        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(line.get("peerId").asText()).isEqualTo(PROVIDER.toString()));
    }

    private void run() throws TaskFailure {
        run(Duration.ofSeconds(10));
    }

    private void run(Duration timeout) throws TaskFailure {
        FindProvidersTask task = new FindProvidersTask();
        new CommandLine(task).parseArgs(KEY);
        TaskContext context =
                new TaskContext(kad, lines::add, Optional.empty(), Deadline.after(timeout), Runnable::run);
        try {
            task.start(context).join();
        } catch (CompletionException failed) {
            throw (TaskFailure) TaskContext.causeOf(failed);
        }
    }
}

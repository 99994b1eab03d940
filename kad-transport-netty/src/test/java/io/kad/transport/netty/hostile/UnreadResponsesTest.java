package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.Responder;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.message.KadCodec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peers that ask for records and read nothing: what they hold is bounded, and honest peers are served meanwhile. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UnreadResponsesTest {

    private static final String KAD = "/test/kad/1.0.0";
    /** With half of the default budget: the pools of buffers, and the peers of the test in this process, need memory too. */
    private static final KademliaConfig CONFIG =
            KademliaConfig.of(KAD).toBuilder().maxSendBytes(8 << 20).build();

    private static final RecordKey KEY = RecordKey.of(Bytes.utf8("large"));
    private static final int REQUESTS_PER_STREAM = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExecutorService store = Executors.newFixedThreadPool(4);
    private final List<HandMadePeer> hostile = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        endAttack();
        store.shutdownNow();
    }

    private void endAttack() throws IOException {
        for (HandMadePeer peer : hostile) {
            peer.close();
        }
        hostile.clear();
    }

    /** Serves records: GET_VALUE a record, FIND_NODE nothing. */
    private TestNode node(int recordBytes, boolean blockingStore) {
        return new TestNode(1, CONFIG, (request, responder) -> {
            if (request.request() instanceof KadRequest.FindNode) {
                responder.respond(new KadResponse.FindNode(List.of()));
            } else if (blockingStore) {
                store.execute(() -> respond(responder, recordBytes));
            } else {
                respond(responder, recordBytes);
            }
        });
    }

    private static void respond(Responder responder, int recordBytes) {
        Record record = Record.of(KEY, Bytes.of(new byte[recordBytes]));
        responder.respond(new KadResponse.GetValue(Optional.of(record), List.of()));
    }

    private void attack(TestNode node, int connections, int streams) throws Exception {
        byte[] request = Wire.framed(new KadCodec(CONFIG).encode(new KadRequest.GetValue(KEY), Instant.now()));
        byte[] requests = HandMadePeer.proposal(KAD);
        for (int number = 0; number < REQUESTS_PER_STREAM; number++) {
            requests = HandMadeNoise.join(requests, request);
        }
        for (int connection = 0; connection < connections; connection++) {
            HandMadePeer peer = new HandMadePeer(new TestIdentity(100 + connection), node.socketAddress(), 4096);
            hostile.add(peer);
            for (int stream = 0; stream < streams; stream++) {
                peer.send(HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, requests));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 64, 1048576, false",
        "1, 64, 4000000, false",
        "1, 64, 4000000, true",
        "8, 63, 1048576, false",
        "8, 63, 4000000, false",
        "8, 63, 4000000, true"
    })
    void whatTheyHoldIsBoundedAndHonestPeersAreServed(
            int connections, int streams, int recordBytes, boolean blockingStore) throws Exception {
        try (TestNode node = node(recordBytes, blockingStore);
                TestNode honest = new TestNode(2, CONFIG, (request, responder) -> {})) {
            // The pools of buffers grow with the first responses that wait, and stay
            attack(node, 1, streams);
            assertServed(honest, node);
            endAttack();
            await().until(() -> node.transport.connections().size() == 1);
            long before = Memory.used();

            attack(node, connections, streams);

            long most = 0;
            for (int sample = 0; sample < 10; sample++) {
                assertServed(honest, node);
                most = Math.max(most, Memory.used() - before);
            }
            assertThat(most / Memory.MIB).as("growth in MiB").isLessThan(32);
        }
    }

    private static void assertServed(TestNode honest, TestNode node) throws Exception {
        honest.request(node.info(), TestNode.findNode(), PATIENCE).get();
        honest.request(node.info(), new KadRequest.GetValue(KEY), PATIENCE).get();
    }
}

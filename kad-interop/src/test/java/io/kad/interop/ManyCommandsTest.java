package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many commands to one process of a network of twenty peers: seventeen of kad, three of js. */
@Timeout(400)
class ManyCommandsTest {

    private static final int EMBEDDED = 15;

    @RegisterExtension
    static final Peers peers = new Peers();

    private static EmbeddedPeers embedded;
    private static KadPeer writer;
    private static KadPeer reader;

    @BeforeAll
    static void join() {
        embedded = new EmbeddedPeers(EMBEDDED);
        writer = peers.kad();
        // A server would be among the twenty nearest of every key, and would read its own store.
        reader = peers.kad("--mode", "client");
        List<LibraryPeer> js = List.of(peers.js(), peers.js(), peers.js());
        List<String> addresses = new ArrayList<>(embedded.addresses());
        js.forEach(peer -> addresses.add(peer.address()));
        addresses.forEach(address -> writer.run("connect " + address));
        addresses.add(writer.address());
        addresses.forEach(address -> reader.run("connect " + address));
        writer.awaitKnows(js.toArray(PeerProcess[]::new));
        js.forEach(peer -> peer.awaitKnows(writer));
        writer.awaitKnows(embedded.peerIds());
    }

    @AfterAll
    static void leave() {
        embedded.close();
    }

    @Test
    void aHundredPairsOneAfterAnotherAreAllRight() {
        for (int number = 0; number < 100; number++) {
            assertStored(writer.run("put /app/pair-" + number + " 'value " + number + "'"));
            assertThat(reader.run("get /app/pair-" + number).text("text")).isEqualTo("value " + number);
        }
    }

    @Test
    void aThousandPairsFiftyAtATimeAreAllRight() throws InterruptedException {
        List<Answer> puts = runAll(writer, number -> "put /app/many-" + number + " 'value " + number + "'");
        puts.forEach(ManyCommandsTest::assertStored);
        List<Answer> gets = runAll(reader, number -> "get /app/many-" + number);
        assertThat(gets.stream().map(answer -> answer.text("text")))
                .isEqualTo(IntStream.range(0, 1000)
                        .mapToObj(number -> "value " + number)
                        .toList());
    }

    /** Eighteen servers are there to take it. */
    private static void assertStored(Answer put) {
        assertThat(put.ok()).as(put::toString).isTrue();
        assertThat(put.number("stored")).as(put::toString).isEqualTo(EMBEDDED + 3);
    }

    private static List<Answer> runAll(KadPeer peer, IntFunction<String> command) throws InterruptedException {
        Semaphore places = new Semaphore(50);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int number = 0; number < 1000; number++) {
            places.acquire();
            CompletableFuture<Answer> answer = peer.send(command.apply(number));
            answers.add(answer.whenComplete((done, failure) -> places.release()));
        }
        return answers.stream()
                .map(answer -> peer.within(PeerProcess.PATIENCE, "one of a thousand", answer))
                .toList();
    }
}

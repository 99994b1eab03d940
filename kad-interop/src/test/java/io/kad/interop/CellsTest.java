package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.interop.Implementation.Ability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation between two kad peers and two of another implementation, whoever has dialled: the cells of docs/INTEROP.md. */
@ParameterizedClass
@MethodSource("rows")
@Timeout(240)
class CellsTest {

    /** More than the 32 streams that a rust or js peer serves on a connection. */
    private static final int AT_ONCE = 100;

    /** As many as js asks at once within its own timeout, on a busy machine, too. */
    private static final int AT_ONCE_BY_OTHER = 20;

    @RegisterExtension
    static final Peers peers = new Peers();

    private static KadPeer kad;
    private static KadPeer secondKad;
    private static LibraryPeer other;
    private static LibraryPeer secondOther;
    private static List<PeerProcess> all;

    @Parameter(0)
    Implementation implementation;

    @Parameter(1)
    Dialler dialler;

    /** Whose peers open the connections between the two implementations. */
    enum Dialler {
        KAD,
        OTHER
    }

    static Stream<Arguments> rows() {
        return Stream.of(Implementation.values())
                .flatMap(implementation ->
                        Stream.of(Dialler.values()).map(dialler -> Arguments.of(implementation, dialler)));
    }

    @BeforeParameterizedClassInvocation
    static void join(Implementation implementation, Dialler dialler) {
        implementation.requireBuilt();
        kad = peers.kad();
        secondKad = peers.kad();
        other = peers.of(implementation);
        secondOther = peers.of(implementation);
        all = new ArrayList<>(List.of(other, secondOther, kad, secondKad));
        if (dialler == Dialler.OTHER) {
            Collections.rotate(all, 2);
        }
        // each connects to all before it
        Peers.connectAll(all.toArray(PeerProcess[]::new));
    }

    @AfterParameterizedClassInvocation
    static void leave() {
        peers.endAll();
    }

    @Test
    void theConnectionIsTcpNoiseAndYamuxAndOfTheOneWhoDialled() {
        JsonNode connection = connectionTo(kad, other);
        assertThat(connection.path("security").asText()).isEqualTo("noise");
        assertThat(connection.path("muxer").asText()).isEqualTo("yamux");
        assertThat(connection.path("transport").asText()).isEqualTo("tcp");
        assertThat(connection.path("direction").asText()).isEqualTo(dialler == Dialler.KAD ? "outbound" : "inbound");
    }

    private static JsonNode connectionTo(PeerProcess from, PeerProcess to) {
        for (JsonNode connection : from.run("connections").last().path("connections")) {
            if (connection.path("peerId").asText().equals(to.peerId())) {
                return connection;
            }
        }
        throw new AssertionError(from + " is not connected to " + to);
    }

    @Test
    void eachPingsTheOther() {
        assertThat(kad.run("ping " + other.address()).last().path("rttMillis").asDouble())
                .isPositive();
        assertThat(other.run("ping " + kad.address()).last().path("rttMillis").asDouble())
                .isPositive();
    }

    @Test
    void eachIdentifiesTheOther() {
        Answer identified = kad.run("identify " + other.address());
        assertThat(identified.texts("protocols")).contains(Peers.PROTOCOL, "/ipfs/ping/1.0.0");
        assertThat(Answer.addresses(identified.last())).contains(other.socketAddress());
        assertThat(identified.text("agent")).isNotBlank();

        JsonNode seen = other.event(
                "peer-identified", line -> line.path("peerId").asText().equals(kad.peerId()));
        assertThat(Answer.texts(seen, "protocols")).contains(Peers.PROTOCOL, "/ipfs/ping/1.0.0");
        assertThat(Answer.addresses(seen)).contains(kad.socketAddress());
        assertThat(seen.path("agent").asText()).startsWith("kad");
        assertThat(seen.path("signedRecord").asBoolean())
                .as("takes the signed peer record of kad")
                .isEqualTo(implementation.can(Ability.SIGNED_RECORDS));
    }

    @Test
    void eachListsTheClosestPeersByDistance() {
        for (PeerProcess asker : all) {
            for (int number = 0; number < 3; number++) {
                String target = "/app/target-" + number;
                Answer closest = asker.run("closest-peers " + target);
                assertThat(closest.peerIds())
                        .as(() -> asker + ": " + closest)
                        .isEqualTo(Keys.nearestFirst(target, idsWithout(asker)));
            }
        }
    }

    @Test
    void theClosestPeersOfAPeerIdBeginWithThatPeer() {
        assertThat(kad.run("closest-peers " + other.peerId()).peerIds()).startsWith(other.peerId());
        assertThat(other.run("closest-peers " + kad.peerId()).peerIds()).startsWith(kad.peerId());
    }

    private static List<String> idsWithout(PeerProcess peer) {
        return all.stream().filter(one -> one != peer).map(PeerProcess::peerId).toList();
    }

    @Test
    void whatKadPutsIsStoredAndReadByTheOther() {
        assertThat(kad.run("put /app/of-kad 'from kad'").number("stored")).isEqualTo(3);
        for (LibraryPeer holder : List.of(other, secondOther)) {
            assertThat(holder.run("held /app/of-kad").text("text")).isEqualTo("from kad");
        }
        Answer read = other.run("get /app/of-kad");
        assertThat(read.text("text")).isEqualTo("from kad");
        if (implementation.can(Ability.HOLDERS_OF_GETS)) {
            assertThat(read.texts("holders")).contains(secondKad.peerId());
        }
    }

    @Test
    void whatTheOtherPutsIsStoredAndReadByKad() {
        Answer put = other.run("put /app/of-the-other 'from the other'");
        if (implementation.can(Ability.HOLDERS_OF_PUTS)) {
            assertThat(put.texts("holders"))
                    .containsExactlyInAnyOrder(kad.peerId(), secondKad.peerId(), secondOther.peerId());
        }
        // read from the own store, so that nobody needs to be asked
        assertThat(kad.run("get /app/of-the-other --quorum one").text("text")).isEqualTo("from the other");
        assertThat(secondKad.run("get /app/of-the-other").text("text")).isEqualTo("from the other");
    }

    @Test
    void aReplacedRecordIsReadAnewByBoth() {
        for (PeerProcess writer : List.of(kad, other)) {
            String key = "/app/replaced-" + writer.peerId();
            writer.run("put " + key + " 1");
            writer.run("put " + key + " 2");
            for (PeerProcess reader : List.of(secondKad, secondOther)) {
                assertThat(reader.run("get " + key).text("text"))
                        .as(() -> writer + " to " + reader)
                        .isEqualTo("2");
            }
        }
    }

    @Test
    void bytesNearTheLargestMessageOfRustCross(@TempDir Path directory) throws IOException {
        byte[] value = new byte[15_000];
        new Random(1).nextBytes(value);
        Path file = Files.write(directory.resolve("value"), value);
        kad.run("put /app/bytes-of-kad @" + file);
        assertThat(other.run("get /app/bytes-of-kad").value()).isEqualTo(value);
        other.run("put /app/bytes-of-the-other @" + file);
        assertThat(secondKad.run("get /app/bytes-of-the-other").value()).isEqualTo(value);
    }

    @Test
    void eachFindsWhatTheOtherProvides() {
        String ofKad = Keys.cidOf("of kad");
        assertThat(kad.run("provide " + ofKad).number("announced")).isEqualTo(3);
        assertFinds(other, ofKad, kad);
        assertFinds(secondOther, ofKad, kad);

        String ofOther = Keys.cidOf("of the other");
        Answer provided = other.run("provide " + ofOther);
        if (implementation.can(Ability.COUNT_OF_PROVIDES)) {
            assertThat(provided.number("announced")).isEqualTo(3);
        }
        assertFinds(kad, ofOther, other);
        assertFinds(secondKad, ofOther, other);
    }

    private void assertFinds(PeerProcess asker, String cid, PeerProcess provider) {
        Answer found = asker.run("find-providers " + cid);
        assertThat(found.peerIds()).as(() -> asker + " of " + provider).containsExactly(provider.peerId());
        if (asker instanceof KadPeer || implementation.can(Ability.PROVIDER_ADDRESSES)) {
            assertThat(Answer.addresses(found.lines().get(0))).contains(provider.socketAddress());
        }
    }

    @Test
    void whatIsAbsentIsFoundByNeither() {
        String nobodys = Keys.cidOf("of nobody");
        for (PeerProcess asker : List.of(kad, other)) {
            assertThat(asker.ask("get /app/absent").code()).isEqualTo("not-found");
            assertThat(asker.ask("find-providers " + nobodys).peerIds()).isEmpty();
        }
    }

    @Test
    void aNewcomerFindsThroughTheOtherSideThePeersThatItNeverMet() {
        KadPeer newcomer = peers.kad("--mode", "client", "--bootstrap", other.address());
        LibraryPeer otherNewcomer = peers.of(implementation, "--client", "--bootstrap", kad.address());
        newcomer.awaitKnows(other);
        otherNewcomer.awaitKnows(kad);
        for (PeerProcess sought : all) {
            for (PeerProcess asker : List.of(newcomer, otherNewcomer)) {
                Answer found = asker.run("find-peer " + sought.peerId());
                assertThat(found.text("peerId")).isEqualTo(sought.peerId());
                assertThat(Answer.addresses(found.last()))
                        .as(() -> asker + " of " + sought)
                        .contains(sought.socketAddress());
            }
        }
        assertThat(kad.routingTable()).doesNotContain(newcomer.peerId(), otherNewcomer.peerId());
    }

    @Test
    void aPeerThatChangesItsModeLeavesTheKadRoutingTableAndComesBack() {
        implementation.require(Ability.CHANGE_OF_MODE);
        LibraryPeer changing = peers.of(implementation, "--bootstrap", kad.address());
        kad.awaitKnows(changing);
        changing.run("mode client");
        kad.awaitKnowsNot(changing);
        changing.run("mode server");
        kad.awaitKnows(changing);
        changing.run("stop");
    }

    @Test
    void manyRequestsAtOnceAreAllAnswered() {
        KadPeer client = peers.kad("--mode", "client", "--bootstrap", other.address());
        client.awaitKnows(other);
        assertAllSucceed(client, AT_ONCE, number -> "put /app/many-" + number + " v" + number);
        assertAllSucceed(client, AT_ONCE, number -> "get /app/many-" + number);
        LibraryPeer otherClient = peers.of(implementation, "--client", "--bootstrap", kad.address());
        otherClient.awaitKnows(kad);
        assertAllSucceed(otherClient, AT_ONCE_BY_OTHER, number -> "get /app/many-" + number);
    }

    private static void assertAllSucceed(PeerProcess asker, int atOnce, IntFunction<String> command) {
        List<CompletableFuture<Answer>> sent = IntStream.range(0, atOnce)
                .mapToObj(number -> asker.send(command.apply(number)))
                .toList();
        assertThat(sent.stream().map(answer -> asker.within(PeerProcess.PATIENCE, "one of many", answer)))
                .filteredOn(answer -> !answer.ok())
                .isEmpty();
    }
}

package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Records that one implementation stores and the other one reads. */
@Timeout(240)
class RecordsTest {

    @RegisterExtension
    static final Peers peers = new Peers();

    private static LibraryPeer js;
    private static KadPeer kad;
    private static KadPeer secondKad;

    @BeforeAll
    static void join() {
        js = peers.js();
        kad = peers.kad("--bootstrap", js.address());
        secondKad = peers.kad("--bootstrap", kad.address());
        Peers.awaitEachKnowsAll(js, kad, secondKad);
    }

    @Test
    void whatJsPutsASecondKadPeerGets() {
        assertThat(js.run("put /app/from-js 'hello from js'").texts("holders"))
                .containsExactlyInAnyOrder(kad.peerId(), secondKad.peerId());
        assertThat(secondKad.run("get /app/from-js").text("text")).isEqualTo("hello from js");
    }

    @Test
    void whatKadPutsJsGets() {
        assertThat(kad.run("put /app/from-kad 'hello from kad'").number("stored"))
                .isEqualTo(2);
        assertThat(js.run("held /app/from-kad").text("text")).isEqualTo("hello from kad");
        Answer got = js.run("get /app/from-kad");
        assertThat(got.text("text")).isEqualTo("hello from kad");
        assertThat(got.texts("holders")).contains(secondKad.peerId());
    }

    @Test
    void bytesThatAreNoTextCrossUnchanged(@TempDir Path directory) throws IOException {
        byte[] value = randomBytes(4000);
        Path file = Files.write(directory.resolve("value"), value);
        kad.run("put /app/bytes-from-kad @" + file);
        assertThat(js.run("get /app/bytes-from-kad").value()).isEqualTo(value);
        js.run("put /app/bytes-from-js --base64 " + Base64.getEncoder().encodeToString(value));
        assertThat(kad.run("get /app/bytes-from-js").value()).isEqualTo(value);
    }

    @Test
    void aValueNearTheLargestThatRustReadsCrosses(@TempDir Path directory) throws IOException {
        byte[] value = randomBytes(15_000);
        Path file = Files.write(directory.resolve("value"), value);
        kad.run("put /app/large-from-kad @" + file);
        assertThat(js.run("get /app/large-from-kad").value()).isEqualTo(value);
        js.run("put /app/large-from-js @" + file);
        assertThat(secondKad.run("get /app/large-from-js").value()).isEqualTo(value);
    }

    @Test
    void aRecordThatIsReplacedIsReadAnew() {
        kad.run("put /app/replaced 1");
        kad.run("put /app/replaced 2");
        assertThat(js.run("held /app/replaced").text("text")).isEqualTo("2");
        assertThat(secondKad.run("get /app/replaced").text("text")).isEqualTo("2");
    }

    @Test
    void anAbsentRecordIsFoundByNeither() {
        assertThat(kad.ask("get /app/absent").code()).isEqualTo("not-found");
        assertThat(js.ask("get /app/absent").code()).isEqualTo("not-found");
    }

    @Test
    void aKadClientReadsWhatOnlyJsHolds() {
        LibraryPeer lone = peers.js();
        KadPeer writer = peers.kad("--mode", "client", "--bootstrap", lone.address());
        KadPeer reader = peers.kad("--mode", "client", "--bootstrap", lone.address());
        writer.awaitKnows(lone);
        reader.awaitKnows(lone);
        assertThat(writer.run("put /app/only-js kept").number("stored")).isEqualTo(1);
        Answer got = reader.run("get /app/only-js");
        assertThat(got.text("text")).isEqualTo("kept");
        assertThat(got.text("from")).isEqualTo(lone.peerId());
    }

    @Test
    void aJsClientReadsWhatOnlyKadHolds() {
        KadPeer lone = peers.kad();
        LibraryPeer writer = peers.js("--client", "--bootstrap", lone.address());
        LibraryPeer reader = peers.js("--client", "--bootstrap", lone.address());
        writer.awaitKnows(lone);
        reader.awaitKnows(lone);
        assertThat(writer.run("put /app/only-kad kept").texts("holders")).containsExactly(lone.peerId());
        Answer got = reader.run("get /app/only-kad");
        assertThat(got.text("text")).isEqualTo("kept");
        assertThat(got.texts("holders")).containsExactly(lone.peerId());
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}

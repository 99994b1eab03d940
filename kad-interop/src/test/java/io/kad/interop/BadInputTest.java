package io.kad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no peer sends; after each of them the peer answers the next request. */
@Timeout(240)
class BadInputTest {

    private static final int FIVE_MEBIBYTES = 5 << 20;
    /** A request of a hundred bytes that ends, or rests, after a few. */
    private static final String HALF_A_REQUEST = "ZG9ubHkgdGhlIGJlZ2lubmluZw==";

    @RegisterExtension
    static final Peers peers = new Peers();

    private static KadPeer kad;
    private static LibraryPeer js;
    private static KadPeer stranger;

    @BeforeAll
    static void join() {
        // No timeout ends what only a check of the input may end
        kad = peers.kadWith(Map.of("message-timeout", "10m", "stream-idle-timeout", "1h", "upgrade-timeout", "10m"));
        js = peers.js("--bootstrap", kad.address());
        stranger = peers.kad("--mode", "client");
        Peers.awaitEachKnowsAll(js, kad);
    }

    @AfterEach
    void thePeerAnswersTheNextRequest() {
        js.run("ping " + kad.peerId());
        js.run("put /app/still alive");
        assertThat(kad.run("get /app/still").text("text")).isEqualTo("alive");
        stranger.run("identify " + kad.address());
        stranger.run("disconnect " + kad.peerId());
    }

    static Stream<byte[]> garbage() {
        byte[] random = new byte[64 << 10];
        new Random(1).nextBytes(random);
        byte[] ones = new byte[FIVE_MEBIBYTES];
        Arrays.fill(ones, (byte) 0xff);
        return Stream.of(
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8),
                ("\u0013/multistream/1.0.0\n" + "nonsense ".repeat(20)).getBytes(UTF_8),
                random,
                ones,
                new byte[FIVE_MEBIBYTES]);
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void aConnectionThatBringsGarbageIsClosed(byte[] garbage) throws IOException {
        try (RawConnection connection = new RawConnection(kad)) {
            connection.write(garbage);
            connection.awaitEnd();
        }
    }

    @Test
    void aConnectionThatIsResetAtOnceDoesNoHarm() throws IOException {
        for (int number = 0; number < 20; number++) {
            RawConnection connection = new RawConnection(kad);
            connection.write("\u0013/multistream/1.0.0\n".getBytes(UTF_8));
            connection.reset();
        }
    }

    @Test
    void aFrameOfFiveMebibytesEndsItsStream(@TempDir Path directory) throws IOException {
        Path frame = Files.write(directory.resolve("frame"), new byte[FIVE_MEBIBYTES]);
        assertThat(raw(Peers.PROTOCOL, "@" + frame + " --wait 30s").text("end")).isEqualTo("reset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage that is no message", "\b*", "\u0012\u007f"})
    void aFrameThatIsNoMessageEndsItsStream(String frame) {
        assertThat(raw(Peers.PROTOCOL, base64(frame.getBytes(UTF_8)) + " --wait 30s")
                        .text("end"))
                .isEqualTo("reset");
    }

    @Test
    void aLengthWithoutEndEndsItsStream() {
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 0xff);
        assertThat(raw(Peers.PROTOCOL, base64(ones) + " --no-prefix --wait 30s").text("end"))
                .isEqualTo("reset");
    }

    @Test
    void aRequestThatIsResetHalfWayDoesNoHarm() {
        assertThat(raw(Peers.PROTOCOL, HALF_A_REQUEST + " --no-prefix --wait 300ms")
                        .text("end"))
                .isEqualTo("timeout");
    }

    @Test
    void aRequestThatEndsHalfWayEndsItsStream() {
        assertThat(raw(Peers.PROTOCOL, HALF_A_REQUEST + " --no-prefix --close --wait 30s")
                        .text("end"))
                .isIn("reset", "closed");
    }

    @Test
    void aProtocolThatIsNotSpokenIsRefused() {
        assertThat(js.ask("raw-request " + kad.peerId() + " /no/such/1 " + KadFrames.PING)
                        .ok())
                .isFalse();
    }

    @Test
    void aHalfClosedRequestIsAnswered() {
        Answer answer = raw(Peers.PROTOCOL, KadFrames.PING + " --close --wait 30s");
        assertThat(answer.text("end")).isEqualTo("closed");
        assertThat(answer.value()).startsWith(2, 8, 5);
    }

    private static Answer raw(String protocol, String rest) {
        return js.run("raw-request " + kad.peerId() + " " + protocol + " " + rest);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}

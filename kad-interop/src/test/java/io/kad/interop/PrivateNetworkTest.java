package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Private networks of kad peers and others with one pre-shared key, over TCP and WebSocket. */
@Timeout(240)
class PrivateNetworkTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @TempDir
    Path directory;

    static Stream<Arguments> rows() {
        return Stream.of(Implementation.values())
                .flatMap(implementation -> Stream.of("noise", "ws").map(stack -> Arguments.of(implementation, stack)));
    }

    /** Writes a key: the one of kad in base16, that of the others in base64 where they read it. */
    private String key(String name, int first, String encoding) throws IOException {
        byte[] key = new byte[32];
        key[0] = (byte) first;
        String text = encoding.equals("base16")
                ? HexFormat.of().formatHex(key)
                : Base64.getEncoder().encodeToString(key);
        return Files.writeString(directory.resolve(name), "/key/swarm/psk/1.0.0/\n/" + encoding + "/\n" + text + "\n")
                .toString();
    }

    private KadPeer kad(String stack, String key) {
        return peers.kadAt("/ip4/127.0.0.1/tcp/0" + (stack.equals("ws") ? "/ws" : ""), "--psk", key);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void peersWithOneKeyAskEachOther(Implementation implementation, String stack) throws IOException {
        implementation.requireBuilt();
        String encoding = implementation == Implementation.GO ? "base64" : "base16";
        LibraryPeer other = peers.of(implementation, "--stack", stack, "--psk", key("other", 1, encoding));
        KadPeer dialler = kad(stack, key("kad", 1, "base16"));
        dialler.run("connect " + other.address());
        assertThat(dialler.run("identify " + other.address()).texts("protocols"))
                .contains(Peers.PROTOCOL);
        KadPeer listener = kad(stack, key("kad", 1, "base64"));
        other.run("connect " + listener.address());
        Peers.awaitEachKnowsAll(other, listener);
        assertThat(other.run("put /app/private hello").ok()).isTrue();
        assertThat(listener.run("get /app/private --quorum one").text("text")).isEqualTo("hello");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void peersWithOtherKeysDoNotConnect(Implementation implementation, String stack) throws IOException {
        implementation.requireBuilt();
        LibraryPeer other = peers.of(implementation, "--stack", stack, "--psk", key("other", 1, "base16"));
        KadPeer kad = kad(stack, key("kad", 2, "base16"));
        assertThat(kad.ask("connect " + other.address()).code()).isEqualTo("unreachable");
        assertThat(other.ask("connect " + kad.address()).ok()).isFalse();
        assertThat(kad.run("connections").last().path("connections")).isEmpty();
    }
}

package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text of the program in locales without UTF-8. */
@Timeout(180)
@DisabledOnOs(OS.WINDOWS)
class LocaleTest {

    private static final String KEY = "/app/gr\u00fc\u00dfe";
    private static final String VALUE = "w\u00f6rt";

    private static Bytes stored(Kademlia server) throws Exception {
        return server.getRecord(RecordKey.utf8(KEY), Quorum.one())
                .result()
                .get(20, TimeUnit.SECONDS)
                .record()
                .value();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "tr_TR"})
    void argumentsAndStandardInputAreUtf8(String locale) throws Exception {
        try (Kademlia server = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.SERVER).build())
                .build()) {
            Multiaddr address = server.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                    .get(20, TimeUnit.SECONDS)
                    .get(0)
                    .withPeerId(server.peerId());
            String value = locale.equals("C") ? VALUE : "-";
            try (OwnProcess put =
                    OwnProcess.start(locale, "put", KEY, value, "--bootstrap", address.toString(), "--json")) {
                put.write(VALUE);
                put.endInput();
                assertThat(put.rest()).containsExactly("{\"event\":\"put\",\"ok\":true,\"stored\":1,\"quorum\":1}");
            }
            assertThat(stored(server)).isEqualTo(Bytes.utf8(VALUE));
        }
    }

    @Test
    void aSessionReadsAndWritesUtf8AndRefusesAnythingElse() throws Exception {
        try (OwnProcess session =
                OwnProcess.start("C", "node", "--stdin", "--json", "--listen", "/ip4/127.0.0.1/tcp/0")) {
            assertThat(session.line()).contains("\"listening\"");
            session.write("#\u00fc get h\u00e4llo\n");
            assertThat(session.line())
                    .isEqualTo("{\"event\":\"error\",\"ok\":false,\"code\":\"bad-input\",\"message\":"
                            + "\"invalid key 'h\u00e4llo': expected /namespace/name, or 0x followed by hex digits\","
                            + "\"id\":\"\u00fc\"}");
            session.writeBytes(new byte[] {'#', '1', ' ', 'g', 'e', 't', ' ', '/', 'a', (byte) 0xfc, '\n'});
            assertThat(session.line()).contains("\"invalid line: expected UTF-8\",\"id\":\"1\"");
            session.endInput();
            assertThat(session.rest()).isEqualTo(List.of("{\"event\":\"stopped\",\"ok\":true}"));
        }
    }
}

package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.api.id.Bytes;
import io.kad.wire.key.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ProgramRun.InTests
class IdCommandTest {

    @TempDir
    private Path directory;

    private String file() {
        return directory.resolve("peer.key").toString();
    }

    @ParameterizedTest
    @CsvSource({"ed25519, Ed25519", "secp256k1, Secp256k1", "ecdsa, ECDSA", "rsa, RSA", "RSA, RSA"})
    void aKeyOfEachTypeIsCreatedAndIsTheIdentityOfANode(String type, String name) throws Exception {
        JsonNode created =
                ProgramRun.of("id", "--key", file(), "--type", type, "--json").last();

        assertThat(created.path("ok").asBoolean()).isTrue();
        assertThat(created.path("keyType").asText()).isEqualTo(name);
        byte[] publicKey = Base64.getDecoder().decode(created.path("publicKey").asText());
        PublicKey key = PublicKey.decode(Bytes.of(publicKey));
        assertThat(key.type()).hasToString(name);
        assertThat(created.path("peerId").asText()).isEqualTo(key.peerId().toString());
        assertThat(ProgramRun.of("id", "--key", file(), "--json").last()).isEqualTo(created);
        assertThat(ProgramRun.of("id", "--key", file(), "--type", type, "--json")
                        .last())
                .isEqualTo(created);

        JsonNode info = ProgramRun.inTurn(
                        List.of("info"),
                        "node",
                        "--json",
                        "--stdin",
                        "--listen",
                        "/ip4/127.0.0.1/tcp/0",
                        "--key",
                        file())
                .answers()
                .get("0");
        assertThat(info.path("peerId").asText())
                .isEqualTo(created.path("peerId").asText());
    }

    @Test
    void aKeyIsOfTypeEd25519UnlessTheCommandSaysOtherwise() {
        assertThat(ProgramRun.of("id", "--key", file(), "--json")
                        .last()
                        .path("keyType")
                        .asText())
                .isEqualTo("Ed25519");
    }

    @Test
    void aFileWithAKeyOfAnotherTypeIsRefusedAndLeftAlone() throws Exception {
        ProgramRun.of("id", "--key", file(), "--type", "secp256k1");
        byte[] before = Files.readAllBytes(Path.of(file()));

        ProgramRun refused = ProgramRun.of("id", "--key", file(), "--type", "ed25519");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .containsExactly("kad: --key: identity file " + file()
                        + ": has a key of type Secp256k1, expected Ed25519; use another file for a new key");
        assertThat(Files.readAllBytes(Path.of(file()))).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw-----w-"})
    @DisabledOnOs(OS.WINDOWS)
    void aKeyFileOfWhichOthersHaveAShareIsNamed(String permissions) throws Exception {
        assertThat(ProgramRun.of("id", "--key", file()).err()).isEmpty();
        Files.setPosixFilePermissions(Path.of(file()), PosixFilePermissions.fromString(permissions));
        String warning =
                "kad: --key: other users may read or write the key file " + file() + "; run chmod 600 " + file();

        assertThat(ProgramRun.of("id", "--key", file()).err()).containsExactly(warning);
        assertThat(ProgramRun.of("get", "/app/x", "--key", file()).err()).contains(warning);
        assertThat(ProgramRun.of("diagnose", "--key", file()).err()).contains(warning);
        assertThat(ProgramRun.of("node", "--stdin", "--listen", "/ip4/127.0.0.1/tcp/0", "--key", file())
                        .err())
                .contains(warning);
    }

    @Test
    void aMistypedTypeCreatesNoFile() {
        assertThat(ProgramRun.of("id", "--key", file(), "--type", "ed25591").code())
                .isEqualTo(2);
        assertThat(Path.of(file())).doesNotExist();
    }
}

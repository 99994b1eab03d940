package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.wire.key.IdentityFile;
import io.kad.wire.key.KeyType;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Connections between a kad peer with a key of each type and a peer of another implementation with a key of each type, whoever dials. All are
 * clients, so that they connect only as told.
 */
@ParameterizedClass
@EnumSource(Implementation.class)
@Timeout(240)
class KeyTypesTest {

    @RegisterExtension
    static final Peers peers = new Peers();

    @TempDir
    static Path directory;

    private static final Map<KeyType, KadPeer> OF_KAD = new EnumMap<>(KeyType.class);
    private static final Map<KeyType, LibraryPeer> OF_OTHER = new EnumMap<>(KeyType.class);

    @Parameter(0)
    Implementation implementation;

    @BeforeParameterizedClassInvocation
    static void start(Implementation implementation) throws IOException, GeneralSecurityException {
        implementation.requireBuilt();
        for (KeyType type : KeyType.values()) {
            Path key = directory.resolve(implementation + "." + type);
            IdentityFile.loadOrCreate(key, type);
            OF_KAD.put(type, peers.kad("--key", key.toString(), "--mode", "client"));
        }
        for (KeyType type : implementation.keyTypes()) {
            List<String> options = new ArrayList<>(implementation.keyOptions(type, directory));
            options.add("--client");
            OF_OTHER.put(type, peers.of(implementation, options.toArray(String[]::new)));
        }
    }

    @AfterParameterizedClassInvocation
    static void end() {
        OF_KAD.clear();
        OF_OTHER.clear();
        peers.endAll();
    }

    @ParameterizedTest
    @EnumSource
    void eachPingsAndIdentifiesTheOtherWithAnyKey(KeyType ofKad) {
        KadPeer kad = OF_KAD.get(ofKad);
        assumeTrue(implementation.keyTypes().contains(ofKad), () -> implementation + " has no keys of type " + ofKad);
        OF_OTHER.values().forEach(other -> assertMutual(kad, other));
    }

    @Test
    void aKeyThatTheOtherDoesNotKnowIsRefusedAndHarmsNothing() {
        EnumSet<KeyType> unknown = EnumSet.allOf(KeyType.class);
        unknown.removeAll(implementation.keyTypes());
        assumeFalse(unknown.isEmpty(), () -> implementation + " knows keys of all types");
        LibraryPeer other = OF_OTHER.get(KeyType.ED25519);

        for (KeyType type : unknown) {
            Answer refused = OF_KAD.get(type).ask("identify " + other.address());
            assertThat(refused.ok()).as(refused::toString).isFalse();
        }
        assertMutual(OF_KAD.get(KeyType.ED25519), other);
    }

    private void assertMutual(KadPeer kad, LibraryPeer other) {
        kad.run("connect " + other.address());
        assertPingAndIdentify(kad, other);
        assertIsIdentified(kad, other);

        kad.run("disconnect " + other.peerId());
        await().atMost(PeerProcess.PATIENCE).until(() -> !other.connectedPeers().contains(kad.peerId()));
        other.run("connect " + kad.address());
        assertPingAndIdentify(kad, other);
    }

    private static void assertPingAndIdentify(KadPeer kad, LibraryPeer other) {
        kad.run("ping " + other.address());
        other.run("ping " + kad.address());
        Answer identified = kad.run("identify " + other.address());
        assertThat(identified.text("peerId")).isEqualTo(other.peerId());
        assertThat(Answer.addresses(identified.last())).contains(other.socketAddress());
    }

    private void assertIsIdentified(KadPeer kad, LibraryPeer other) {
        JsonNode seen = other.event(
                "peer-identified", line -> line.path("peerId").asText().equals(kad.peerId()));
        assertThat(Answer.addresses(seen)).contains(kad.socketAddress());
        assertThat(seen.path("signedRecord").asBoolean())
                .as("takes the signed peer record of kad")
                .isEqualTo(implementation.can(Implementation.Ability.SIGNED_RECORDS));
    }
}

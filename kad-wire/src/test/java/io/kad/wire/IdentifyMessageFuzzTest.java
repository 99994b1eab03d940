package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.key.Ed25519Identity;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of identify and of its push, which have one format. */
class IdentifyMessageFuzzTest {

    static Stream<byte[]> seeds() throws MessageTooLargeException {
        Ed25519Identity identity = Ed25519Identity.fromSeed(Bytes.of(new byte[32]));
        List<Multiaddr> addresses = TestMessages.addresses(2);
        Bytes signed = SignedPeerRecord.seal(identity, 7, addresses);
        IdentifyMessage whole = new IdentifyMessage(
                Optional.of(identity.publicKey()),
                addresses,
                new LinkedHashSet<>(List.of("/ipfs/id/1.0.0", "/ipfs/kad/1.0.0")),
                Optional.of(addresses.get(0)),
                "ipfs/0.1.0",
                "kad/0.1.0",
                Optional.of(signed));
        IdentifyMessage short1 = new IdentifyMessage(
                Optional.empty(), List.of(), Set.of("/a"), Optional.empty(), "", "é", Optional.empty());
        return Stream.of(
                whole.encode().toArray(),
                short1.encode().toArray(),
                Bytes.concat(whole.encode(), short1.encode()).toArray(),
                Bytes.fromHex("0b0c4200").toArray());
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrRoundTripsWithinItsLimits(byte[] input) throws MessageTooLargeException {
        Optional<IdentifyMessage> decoded = Decoded.of(Bytes.of(input), IdentifyMessage::decode);
        if (decoded.isEmpty()) {
            return;
        }
        IdentifyMessage message = decoded.get();
        checkLimits(message);
        assertThat(message.merge(message)).isEqualTo(message);
        if (input.length > IdentifyMessage.MAX_SENT_BYTES) {
            return; // what does not fit may be left out
        }
        Bytes encoded = message.encode();
        assertThat(encoded.size()).isLessThanOrEqualTo(input.length);
        IdentifyMessage again = Decoded.of(encoded, IdentifyMessage::decode).orElseThrow();
        assertThat(again).isEqualTo(message);
        assertThat(again.encode()).isEqualTo(encoded);
    }

    private static void checkLimits(IdentifyMessage message) {
        assertThat(message.listenAddresses())
                .hasSizeLessThanOrEqualTo(IdentifyMessage.MAX_ADDRESSES)
                .doesNotHaveDuplicates();
        assertThat(message.protocols())
                .hasSizeLessThanOrEqualTo(IdentifyMessage.MAX_PROTOCOLS)
                .allSatisfy(protocol -> assertThat(bytes(protocol)).isBetween(1, IdentifyMessage.MAX_PROTOCOL_BYTES));
        assertThat(bytes(message.agentVersion())).isLessThanOrEqualTo(IdentifyMessage.MAX_VERSION_BYTES);
        assertThat(bytes(message.protocolVersion())).isLessThanOrEqualTo(IdentifyMessage.MAX_VERSION_BYTES);
        assertThat(message.listenAddressesOf(TestMessages.peerId(1)))
                .allSatisfy(address -> assertThat(address.peerId()).isNotEqualTo(Optional.of(TestMessages.peerId(1))));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

package io.kad.api.id;

import static io.kad.api.id.Refusals.accepts;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Peer IDs in binary form and as text; each input is read as both. */
class PeerIdFuzzTest {

    static Stream<byte[]> seeds() {
        String[] ids = {
            "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC", "12D3KooWM6CgA9iBFZmcYAHA6A2qvbAxqfkmrYiRQuz3XEsk4Ksv"
        };
        return Stream.of(
                        FuzzSeeds.texts(ids),
                        Stream.of(ids).map(id -> PeerId.parse(id).bytes().toArray()),
                        FuzzSeeds.texts(Stream.of(ids)
                                .map(id -> PeerId.parse(id).toCid())
                                .toArray(String[]::new)),
                        FuzzSeeds.hex("0000", "00017f", "1220"))
                .flatMap(each -> each);
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrHasOneForm(byte[] input) {
        Bytes bytes = Bytes.of(input);
        boolean accepted = accepts(() -> PeerId.fromBytes(bytes));
        assertThat(PeerId.tryFromBytes(bytes).isPresent()).isEqualTo(accepted);
        if (accepted) {
            PeerId peer = PeerId.fromBytes(bytes);
            assertThat(peer.bytes()).isEqualTo(bytes);
            check(peer);
        }
        String text = FuzzSeeds.text(input);
        if (accepts(() -> PeerId.parse(text))) {
            check(PeerId.parse(text));
        }
    }

    private static void check(PeerId peer) {
        assertThat(peer.bytes().size()).isBetween(2, 2 + PeerId.MAX_INLINE_KEY_BYTES);
        assertThat(PeerId.fromBytes(peer.bytes())).isEqualTo(peer);
        assertThat(PeerId.parse(peer.toString())).isEqualTo(peer);
        assertThat(PeerId.parse(peer.toCid())).isEqualTo(peer);
        peer.inlinePublicKey()
                .ifPresent(key -> assertThat(PeerId.fromPublicKey(key)).isEqualTo(peer));
        assertThat(peer.kadKey()).isEqualTo(KadKey.hash(peer.bytes()));
    }
}

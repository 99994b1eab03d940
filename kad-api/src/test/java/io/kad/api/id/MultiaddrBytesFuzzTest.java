package io.kad.api.id;

import static io.kad.api.id.Refusals.accepts;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses in binary form, as remote peers send them. */
class MultiaddrBytesFuzzTest {

    static Stream<byte[]> seeds() {
        return MultiaddrTextFuzzTest.addresses()
                .map(text -> Multiaddr.parse(text).bytes().toArray());
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrHasOneForm(byte[] input) {
        Bytes bytes = Bytes.of(input);
        if (!accepts(() -> Multiaddr.fromBytes(bytes))) {
            return;
        }
        Multiaddr address = Multiaddr.fromBytes(bytes);
        assertThat(address.bytes()).isEqualTo(bytes);
        assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
        assertThat(bytes.size()).isLessThanOrEqualTo(Multiaddr.MAX_BYTES);
        checkComponents(address);
        checkPeerId(address);
    }

    /** Asserts what holds for the parts of each address. */
    static void checkComponents(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        assertThat(components).hasSizeBetween(1, Multiaddr.MAX_COMPONENTS);
        for (Multiaddr.Component component : components) {
            assertThat(address.has(component.protocol())).isTrue();
            assertThat(component.text().isEmpty())
                    .isEqualTo(!component.protocol().transcoder().hasValue());
        }
        assertThat(address.isRelayed()).isEqualTo(address.has(MultiaddrProtocol.P2P_CIRCUIT));
    }

    private static void checkPeerId(Multiaddr address) {
        Optional<PeerId> peer = address.peerId();
        Optional<Multiaddr> rest = address.withoutPeerId();
        if (peer.isPresent()) {
            assertThat(address.withPeerId(peer.get())).isEqualTo(address);
            rest.ifPresent(base -> assertThat(base.peerId().isPresent() ? base : base.withPeerId(peer.get()))
                    .isEqualTo(base.peerId().isPresent() ? base : address));
        } else {
            assertThat(rest).contains(address);
        }
    }
}

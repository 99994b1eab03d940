package io.kad.node.delegated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters by IPIP-484. */
class AddressFilterTest {

    private static final PeerId PEER =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("a peer")).bytes());

    private static final List<String> ADDRESSES = List.of(
            "/ip4/192.0.2.1/tcp/1",
            "/ip6/2001:db8::1/tcp/1",
            "/ip4/192.0.2.1/udp/1/quic-v1",
            "/ip4/192.0.2.1/tcp/1/tls/ws",
            "/ip4/192.0.2.1/tcp/1/p2p/" + PEER + "/p2p-circuit");

    private static Request request(String filter) {
        return new Request(
                "GET", "/", Map.of(), Map.of("filter-addrs", List.of(filter)), Map.of(), Bytes.EMPTY, MediaType.JSON);
    }

    private static PeerInfo peer(Stream<String> addresses) {
        return PeerInfo.of(PEER, addresses.map(Multiaddr::parse).toList());
    }

    /** The addresses that pass, by their numbers. */
    private static String passed(String filter) throws HttpException {
        return AddressFilter.of(request(filter))
                .apply(peer(ADDRESSES.stream()))
                .map(peer -> peer.addresses().stream()
                        .map(address -> String.valueOf(ADDRESSES.indexOf(address.toString())))
                        .reduce("", String::concat))
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 01234",
                "',' | 01234",
                "tcp | 0134",
                "quic-v1 | 2",
                "QUIC-V1,Ws | 23",
                "!p2p-circuit | 0123",
                "!ip6,!quic-v1 | 034",
                "tcp,!ip6,!p2p-circuit | 03",
                "webrtc-direct | none",
                "!ip4,!ip6 | none",
                "unknown | none",
                "unknown,quic-v1 | 2"
            })
    void anAddressPassesWithoutExcludedProtocolsAndWithARequiredOne(String filter, String passed) throws Exception {
        assertThat(passed(filter)).isEqualTo(passed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | true", "unknown | true", "tcp,UNKNOWN | true", "tcp | false", "!tcp | false"})
    void aPeerWithoutAddressesPassesAsUnknown(String filter, boolean passes) throws Exception {
        assertThat(AddressFilter.of(request(filter)).apply(peer(Stream.empty())).isPresent())
                .isEqualTo(passes);
    }

    @Test
    void listsOfNamesAreBounded() throws Exception {
        assertThat(passed("tcp,".repeat(64))).isEqualTo("0134");
        assertThat(passed("x".repeat(63))).isEqualTo("none");
        for (String list : List.of("tcp,".repeat(65), "x".repeat(65))) {
            assertThatThrownBy(() -> AddressFilter.of(request(list)))
                    .isInstanceOfSatisfying(
                            HttpException.class,
                            refused -> assertThat(refused.error()).isEqualTo(HttpError.UNPROCESSABLE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    void aParameterThatWasSentTwiceIsRefused(String name) {
        Request twice = new Request(
                "GET",
                "/",
                Map.of(),
                Map.of("filter-addrs", List.of(name, name)),
                Map.of(),
                Bytes.EMPTY,
                MediaType.JSON);
        assertThatThrownBy(() -> AddressFilter.of(twice)).isInstanceOf(HttpException.class);
    }
}

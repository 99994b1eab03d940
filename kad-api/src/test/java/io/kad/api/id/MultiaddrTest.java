package io.kad.api.id;

import static io.kad.api.id.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Domain(IdArbitraries.class)
class MultiaddrTest {

    private static final String PEER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private static final String OTHER = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
    private static final String SHA256 = "1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/udp/1234/quic-v1, 047f000001 910204d2 cd03",
        "/ip4/255.0.255.1/tcp/65535, 04ff00ff01 06ffff",
        "/ip6/::1/tcp/0, 2900000000000000000000000000000001 060000",
        "/ip6zone/eth0/ip6/fe80::1/tcp/4001, 2a0465746830 29fe800000000000000000000000000001 060fa1",
        "/ip4/10.0.0.0/ipcidr/8, 040a000000 2b08",
        "/dns/a.b/dccp/1/sctp/2, 3503612e62 210001 84010002",
        "/dns4/a/tcp/443/tls/ws, 360161 0601bb c003 dd03",
        "/dns6/ä/tcp/443/tls/sni/a/wss, 3702c3a4 0601bb c003 c1030161 de03",
        "/dnsaddr/a, 380161",
        "/p2p-webrtc-star/p2p-webrtc-direct/p2p-stardust, 9302 9402 9502",
        "/webrtc-direct/webrtc/udt/utp/https, 9802 9902 ad02 ae02 bb03",
        "/unix/a/b, 9003042f612f62",
        "/noise/quic/webtransport/p2p-websocket-star, c603 cc03 d103 df03",
        "/http/http-path/a%2Fb%20c, e003 e10305612f622063",
        "/memory/258, 89060000000000000102",
        "/onion/aaimaq4ygg2iegci:80, bc03 0010c0439831b48218480050"
    })
    void matchesTheSpecification(String text, String hex) {
        Multiaddr address = Multiaddr.parse(text);
        assertThat(address.bytes().hex()).isEqualTo(hex.replace(" ", ""));
        assertThat(Multiaddr.fromBytes(address.bytes())).isEqualTo(address).hasToString(text);
    }

    @Property
    void roundTrips(@ForAll RawAddress raw) {
        Multiaddr address = Multiaddr.fromBytes(raw.bytes());
        assertThat(address.bytes()).isEqualTo(raw.bytes());
        assertThat(Multiaddr.parse(address.toString()))
                .isEqualTo(address)
                .hasSameHashCodeAs(address)
                .isEqualByComparingTo(address)
                .hasToString(address.toString());
    }

    @Property
    void consistsOfItsComponents(@ForAll RawAddress raw) {
        Multiaddr address = Multiaddr.fromBytes(raw.bytes());
        assertThat(address.components())
                .extracting(Multiaddr.Component::protocol, Multiaddr.Component::value)
                .isEqualTo(raw.parts().stream()
                        .map(part -> tuple(part.protocol(), part.value()))
                        .toList());
        for (MultiaddrProtocol protocol : MultiaddrProtocol.values()) {
            assertThat(address.has(protocol))
                    .isEqualTo(raw.parts().stream().anyMatch(part -> part.protocol() == protocol));
        }
        assertThat(address.isRelayed()).isEqualTo(address.has(MultiaddrProtocol.P2P_CIRCUIT));
        address.components().forEach(component -> assertThat(address.toString()).contains(component.text()));
    }

    @Property
    void isShownOnOneLine(@ForAll RawAddress raw) {
        assertThat(Multiaddr.fromBytes(raw.bytes()).toString()).matches("/\\P{Cntrl}+");
    }

    @Property
    void isRefusedIfTruncated(@ForAll RawAddress raw) {
        RawAddress.Part last = raw.parts().get(raw.parts().size() - 1);
        int start = raw.bytes().size() - last.whole().size();
        for (int end = start + 1; end < raw.bytes().size(); end++) {
            Bytes part = raw.bytes().slice(0, end);
            assertRefused(() -> Multiaddr.fromBytes(part));
        }
    }

    @Property
    void hasThePeerIdOfItsLastComponent(@ForAll RawAddress raw, @ForAll PeerId peer) {
        RawAddress.Part last = raw.parts().get(raw.parts().size() - 1);
        Multiaddr address = Multiaddr.fromBytes(raw.bytes());
        if (last.protocol() == MultiaddrProtocol.P2P) {
            PeerId present = PeerId.fromBytes(last.value());
            assertThat(address.peerId()).contains(present);
            assertThat(address.withPeerId(present)).isSameAs(address);
            Bytes rest = raw.bytes().slice(0, raw.bytes().size() - last.whole().size());
            assertThat(address.withoutPeerId().map(Multiaddr::bytes))
                    .isEqualTo(Optional.of(rest).filter(bytes -> !bytes.isEmpty()));
        } else {
            assertThat(address.peerId()).isEmpty();
            assertThat(address.withoutPeerId()).contains(address);
            boolean fits = raw.parts().size() < Multiaddr.MAX_COMPONENTS
                    && raw.bytes().size() + 3 + peer.bytes().size() <= Multiaddr.MAX_BYTES
                    && last.protocol() != MultiaddrProtocol.UNIX;
            if (fits) {
                Multiaddr extended = address.withPeerId(peer);
                assertThat(extended).hasToString(address + "/p2p/" + peer);
                assertThat(extended.peerId()).contains(peer);
                assertThat(extended.withoutPeerId()).contains(address);
            } else {
                assertRefused(() -> address.withPeerId(peer));
            }
        }
    }

    @Test
    void isNotChangedToAnotherPeer() {
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/p2p/" + PEER);
        assertRefused(() -> address.withPeerId(PeerId.parse(OTHER)), PEER, OTHER);
    }

    @Test
    void acceptsEachTextFormOfAPeerIdAndFormatsBase58() {
        String cid = PeerId.parse(PEER).toCid();
        for (String text : List.of("/p2p/" + PEER, "/ipfs/" + PEER, "/p2p/" + cid, "/ipfs/" + cid)) {
            assertThat(Multiaddr.parse(text)).hasToString("/p2p/" + PEER);
        }
    }

    @Test
    void throughARelayHasThePeerIdBehindIt() {
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p/" + OTHER + "/p2p-circuit/p2p/" + PEER);
        assertThat(address.isRelayed()).isTrue();
        assertThat(address.peerId()).contains(PeerId.parse(PEER));
        Multiaddr relay = address.withoutPeerId().orElseThrow();
        assertThat(relay).hasToString("/ip4/1.2.3.4/tcp/1/p2p/" + OTHER + "/p2p-circuit");
        assertThat(relay.peerId()).isEmpty();
        assertThat(relay.withPeerId(PeerId.parse(PEER))).isEqualTo(address);
    }

    @Test
    void supportsWebTransportAddresses() {
        Multihash hash = Multihash.fromBytes(Bytes.fromHex(SHA256));
        String certificate = "/certhash/uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ";
        String text = "/ip4/1.2.3.4/udp/4001/quic-v1/webtransport" + certificate + certificate + "/p2p/" + PEER;
        Multiaddr address = Multiaddr.parse(text);
        assertThat(address).hasToString(text);
        assertThat(address.components().get(4))
                .isEqualTo(new Multiaddr.Component(MultiaddrProtocol.CERTHASH, hash.bytes()));
        assertThat(Multiaddr.parse("/certhash/f" + SHA256)).hasToString(certificate);
    }

    @ParameterizedTest
    @CsvSource({"/ip4/1.2.3.4/tcp/1/, /ip4/1.2.3.4/tcp/1", "/ws/, /ws", "/unix/a/, /unix/a/", "/unix//, /unix//"})
    void mayEndWithASlash(String text, String shown) {
        assertThat(Multiaddr.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "ip4/1.2.3.4",
                " /ip4/1.2.3.4",
                "/ip4",
                "/ip4/",
                "/ip4/1.2.3.4/tcp",
                "/ip4/1.2.3.4/tcp/65536",
                "/ip4/1.2.3.4/tcp/-1",
                "/ip4/1.2.3.4/tcp/+1",
                "/ip4/1.2.3.4/tcp/",
                "/ip4/1.2.3.4//tcp/1",
                "/ip4/1.2.3.4/tcp/1//",
                "/ip4/1.2.3.4/foo",
                "/TCP/1",
                "/dns/",
                "/dns4//tcp/1",
                "/p2p/",
                "/p2p-circuit/p2p-circuit",
                "/unix",
                "/unix/",
                "/foo\nbar",
                "/tcp/1\u2028"
            })
    void isRefusedIfMalformed(String text) {
        assertRefused(() -> Multiaddr.parse(text), "invalid multiaddr ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/1.2.3",
                "/ip4/1.2.3.256",
                "/ip4/01.2.3.4",
                "/ip4/1.2.3.4.5",
                "/ip4/1.2.3.a",
                "/ip4/::1",
                "/ip6/1.2.3.4",
                "/ip6/:::",
                "/ip6/1::2::3",
                "/ip6/12345::",
                "/ip6/1:2:3:4:5:6:7",
                "/ip6/1:2:3:4:5:6:7:8:9",
                "/ip6/1:2:3:4:5:6:7::8",
                "/ip6/fe80::1%eth0",
                "/ip6/::g"
            })
    void isRefusedWithAnInvalidIpAddress(String text) {
        assertRefused(() -> Multiaddr.parse(text), "invalid multiaddr ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tcp/٣",
                "/ipcidr/256",
                "/p2p/hello",
                "/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",
                "/certhash/b",
                "/certhash/uAAAA",
                "/http-path/%2",
                "/http-path/%zz",
                "/http-path/",
                "/memory/x",
                "/memory/18446744073709551616",
                "/onion/aaimaq4ygg2iegci",
                "/onion/aaimaq4ygg2iegc:1",
                "/onion3/aaimaq4ygg2iegci:80",
                "/garlic32/aa",
                "/garlic64/aa",
                "/garlic64/=",
                "/dns/a\nb",
                "/dns/a\u0085b",
                "/dns/\ud800"
            })
    void isRefusedWithAnyOtherInvalidValue(String text) {
        assertRefused(() -> Multiaddr.parse(text), "invalid multiaddr ");
    }

    @Test
    void isRefusedWithTheReason() {
        assertRefused(
                () -> Multiaddr.parse("/ip4/1.2.3.4/tcp/70000"),
                "'/ip4/1.2.3.4/tcp/70000'",
                "tcp: port must be between 0 and 65535, got '70000'");
        assertRefused(() -> Multiaddr.parse("/ip4/1.2.3.x"), "ip4: invalid IPv4 address '1.2.3.x'");
        assertRefused(() -> Multiaddr.parse("/ip4/1.2.3.4/tpc/1"), "unknown protocol 'tpc'");
        assertRefused(() -> Multiaddr.parse("/ip4/1.2.3.4/tcp"), "missing value for /tcp");
        assertRefused(() -> Multiaddr.fromBytes(Bytes.fromHex("0600")), "tcp: value is truncated");
        assertRefused(() -> Multiaddr.fromBytes(Bytes.fromHex("9302a78d06")), "unknown protocol code 100007");
        assertRefused(() -> Multiaddr.fromBytes(Bytes.fromHex("a50300")), "p2p: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "04",
                "047f0000",
                "0600",
                "800406",
                "84000001",
                "ffffffffffffffffff01",
                "ffffffffffffffff7f",
                "05",
                "8a06",
                "3500",
                "3501",
                "350180",
                "35012f",
                "35010a",
                "3502c285",
                "a50300",
                "a50301",
                "a503020001",
                "a503031201ff",
                "a503ffffffffffffffff7f",
                "a5038000",
                "90030161",
                "90030100",
                "9003012f",
                "900300",
                "9003032f0a61",
                "d20300",
                "d2030100",
                "e10300",
                "bf030100",
                "be030100",
                "a202a202",
                "9003022f6106",
                "9003022f61a202",
                "2a00",
                "c10300"
            })
    void isRefusedWithInvalidBytes(String hex) {
        assertRefused(() -> Multiaddr.fromBytes(Bytes.fromHex(hex)));
    }

    @Test
    void isRefusedIfAnythingFollowsAPath() {
        assertRefused(() -> Multiaddr.fromBytes(Bytes.fromHex("9003022f61dd03")), "after the path of /unix");
    }

    @Test
    void hasAtMost1024Bytes() {
        String longest = "/http-path/" + "x".repeat(Multiaddr.MAX_BYTES - 4);
        assertThat(Multiaddr.parse(longest).bytes().size()).isEqualTo(Multiaddr.MAX_BYTES);
        assertRefused(() -> Multiaddr.parse(longest + "x"), "1024", "1025");
        Bytes longer = Bytes.concat(Multiaddr.parse(longest).bytes(), Bytes.fromHex("dd03"));
        assertRefused(() -> Multiaddr.fromBytes(longer), "1024", "1026");
        assertRefused(() -> Multiaddr.parse("/dns/" + "x".repeat(10_000)), "exceeds the limit of 4096 characters");
    }

    @Test
    void isReadFromTextWhoseEveryByteIsEncoded() {
        String text = "/http-path/" + "%00".repeat(Multiaddr.MAX_BYTES - 4);
        assertThat(Multiaddr.parse(text).bytes().size()).isEqualTo(Multiaddr.MAX_BYTES);
        assertThat(Multiaddr.parse(text)).hasToString(text);
    }

    @Test
    void hasAtMost16Components() {
        String most = "/ws".repeat(Multiaddr.MAX_COMPONENTS);
        assertThat(Multiaddr.parse(most).components()).hasSize(Multiaddr.MAX_COMPONENTS);
        assertRefused(() -> Multiaddr.parse(most + "/ws"), "16");
        assertRefused(() -> Multiaddr.fromBytes(Bytes.fromHex("dd03".repeat(17))), "16");
    }

    @Test
    void hasValidComponentsOnly() {
        assertRefused(() -> new Multiaddr.Component(MultiaddrProtocol.TCP, Bytes.of((byte) 1)), "tcp", "2 bytes");
        assertRefused(() -> new Multiaddr.Component(MultiaddrProtocol.WS, Bytes.of((byte) 1)), "ws", "0 bytes");
        assertRefused(() -> new Multiaddr.Component(MultiaddrProtocol.DNS, Bytes.EMPTY), "dns", "empty");
        assertRefused(() -> new Multiaddr.Component(MultiaddrProtocol.P2P, Bytes.fromHex("1100")), "p2p");
        assertThatNullPointerException().isThrownBy(() -> new Multiaddr.Component(MultiaddrProtocol.WS, null));
        assertThatNullPointerException().isThrownBy(() -> new Multiaddr.Component(null, Bytes.EMPTY));
    }

    @Test
    void acceptsUnencodedCharactersInAnHttpPath() {
        assertThat(Multiaddr.parse("/http-path/a+b:ä%2f").components().get(0).value())
                .isEqualTo(Bytes.utf8("a+b:ä/"));
    }
}

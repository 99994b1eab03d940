package io.kad.api.id;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Components of a valid address and its bytes, encoded independently of the code under test. */
record RawAddress(List<Part> parts, Bytes bytes) {

    private static final int MAX_PARTS = 16;
    private static final int MAX_BYTES = 1024;

    /** Component: its value and its whole encoding. */
    record Part(MultiaddrProtocol protocol, Bytes value, Bytes whole) {

        static Part of(MultiaddrProtocol protocol, Bytes value) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            writeVarint(protocol.code(), whole);
            if (!SIZES.containsKey(protocol)) {
                writeVarint(value.size(), whole);
            }
            whole.writeBytes(value.toArray());
            return new Part(protocol, value, Bytes.of(whole.toByteArray()));
        }

        /** Writes a number of at most two bytes. */
        private static void writeVarint(int number, ByteArrayOutputStream out) {
            if (number >= 0x80) {
                out.write(number % 0x80 + 0x80);
                out.write(number / 0x80);
            } else {
                out.write(number);
            }
        }
    }

    /** Sizes of the values of protocols with a fixed size; those of all others have a length prefix. */
    private static final Map<MultiaddrProtocol, Integer> SIZES = Map.ofEntries(
            Map.entry(MultiaddrProtocol.IP4, 4),
            Map.entry(MultiaddrProtocol.TCP, 2),
            Map.entry(MultiaddrProtocol.DCCP, 2),
            Map.entry(MultiaddrProtocol.IP6, 16),
            Map.entry(MultiaddrProtocol.IPCIDR, 1),
            Map.entry(MultiaddrProtocol.SCTP, 2),
            Map.entry(MultiaddrProtocol.UDP, 2),
            Map.entry(MultiaddrProtocol.P2P_WEBRTC_STAR, 0),
            Map.entry(MultiaddrProtocol.P2P_WEBRTC_DIRECT, 0),
            Map.entry(MultiaddrProtocol.P2P_STARDUST, 0),
            Map.entry(MultiaddrProtocol.WEBRTC_DIRECT, 0),
            Map.entry(MultiaddrProtocol.WEBRTC, 0),
            Map.entry(MultiaddrProtocol.P2P_CIRCUIT, 0),
            Map.entry(MultiaddrProtocol.UDT, 0),
            Map.entry(MultiaddrProtocol.UTP, 0),
            Map.entry(MultiaddrProtocol.HTTPS, 0),
            Map.entry(MultiaddrProtocol.ONION, 12),
            Map.entry(MultiaddrProtocol.ONION3, 37),
            Map.entry(MultiaddrProtocol.TLS, 0),
            Map.entry(MultiaddrProtocol.NOISE, 0),
            Map.entry(MultiaddrProtocol.QUIC, 0),
            Map.entry(MultiaddrProtocol.QUIC_V1, 0),
            Map.entry(MultiaddrProtocol.WEBTRANSPORT, 0),
            Map.entry(MultiaddrProtocol.WS, 0),
            Map.entry(MultiaddrProtocol.WSS, 0),
            Map.entry(MultiaddrProtocol.P2P_WEBSOCKET_STAR, 0),
            Map.entry(MultiaddrProtocol.HTTP, 0),
            Map.entry(MultiaddrProtocol.MEMORY, 8));

    static Arbitrary<RawAddress> arbitrary() {
        Arbitrary<Part> any = Arbitraries.of(MultiaddrProtocol.values()).flatMap(RawAddress::parts);
        return any.list().ofMinSize(1).ofMaxSize(MAX_PARTS).map(RawAddress::of);
    }

    /** Returns an address of the parts that may be combined. */
    private static RawAddress of(List<Part> drawn) {
        List<Part> parts = new ArrayList<>();
        int size = 0;
        boolean relayed = false;
        for (Part part : drawn) {
            boolean relay = part.protocol() == MultiaddrProtocol.P2P_CIRCUIT;
            if (size + part.whole().size() > MAX_BYTES || (relay && relayed)) {
                continue;
            }
            parts.add(part);
            size += part.whole().size();
            relayed |= relay;
            if (part.protocol() == MultiaddrProtocol.UNIX) {
                break;
            }
        }
        return new RawAddress(
                List.copyOf(parts), Bytes.concat(parts.stream().map(Part::whole).toArray(Bytes[]::new)));
    }

    static Arbitrary<Part> parts(MultiaddrProtocol protocol) {
        return values(protocol).map(value -> Part.of(protocol, value));
    }

    private static Arbitrary<Bytes> values(MultiaddrProtocol protocol) {
        Integer size = SIZES.get(protocol);
        if (size != null) {
            return protocol == MultiaddrProtocol.IP6 ? ip6() : IdArbitraries.bytes(size, size);
        }
        return switch (protocol) {
            case IP6ZONE, DNS, DNS4, DNS6, DNSADDR, SNI ->
                text().filter(text -> text.indexOf('/') < 0).map(Bytes::utf8);
            case UNIX -> text().map(path -> Bytes.utf8("/" + path));
            case P2P -> new IdArbitraries().peerIds().map(PeerId::bytes);
            case CERTHASH -> new IdArbitraries().multihashes().map(Multihash::bytes);
            case HTTP_PATH -> IdArbitraries.bytes(1, 100);
            case GARLIC64 -> IdArbitraries.bytes(386, 600);
            case GARLIC32 -> Arbitraries.oneOf(IdArbitraries.bytes(32, 32), IdArbitraries.bytes(35, 60));
            default -> throw new AssertionError(protocol + " is new");
        };
    }

    /** Returns text with and without slashes, dots, spaces, percent signs and characters of up to four bytes. */
    private static Arbitrary<String> text() {
        Arbitrary<String> characters = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.strings().withCharRange('a', 'z').ofLength(1)),
                Tuple.of(1, Arbitraries.of("/", ".", "-", " ", "%", "%2f", "+", "'", "ä", "€", "😀")));
        return characters.list().ofMinSize(1).ofMaxSize(30).map(parts -> String.join("", parts));
    }

    /** Returns addresses with runs of zeros, and mapped IPv4 addresses. */
    private static Arbitrary<Bytes> ip6() {
        Arbitrary<Bytes> group = Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.just(Bytes.of((byte) 0, (byte) 0))), Tuple.of(1, IdArbitraries.bytes(2, 2)));
        Bytes mapped = Bytes.fromHex("00000000000000000000ffff");
        return Arbitraries.frequencyOf(
                Tuple.of(6, group.list().ofSize(8).map(groups -> Bytes.concat(groups.toArray(Bytes[]::new)))),
                Tuple.of(
                        1,
                        Combinators.combine(Arbitraries.just(mapped), IdArbitraries.bytes(4, 4))
                                .as((prefix, ip4) -> Bytes.concat(prefix, ip4))));
    }
}

package io.kad.api.id;

import static io.kad.api.id.Refusals.accepts;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.domains.Domain;

/** Input from peers and users: accepted or refused with a message of one line; accepted input round-trips. */
@Domain(IdArbitraries.class)
class GarbageTest {

    @Property(tries = 5000)
    void inBytesIsAcceptedOrRefused(@ForAll Bytes garbage) {
        readEverything(garbage);
    }

    @Property(tries = 5000)
    void inAnAddressIsAcceptedOrRefused(
            @ForAll RawAddress raw, @ForAll @IntRange(max = 1023) int position, @ForAll byte changed) {
        byte[] bytes = raw.bytes().toArray();
        bytes[position % bytes.length] = changed;
        readEverything(Bytes.of(bytes));
    }

    @Property(tries = 5000)
    void inAPeerIdOrCidIsAcceptedOrRefused(
            @ForAll Cid cid, @ForAll PeerId peer, @ForAll int position, @ForAll byte changed) {
        for (Bytes valid : new Bytes[] {cid.bytes(), peer.bytes()}) {
            byte[] bytes = valid.toArray();
            bytes[Math.floorMod(position, bytes.length)] = changed;
            readEverything(Bytes.of(bytes));
            readEverything(valid.slice(0, Math.floorMod(position, bytes.length)));
        }
    }

    private static void readEverything(Bytes garbage) {
        if (accepts(() -> Multiaddr.fromBytes(garbage))) {
            Multiaddr address = Multiaddr.fromBytes(garbage);
            assertThat(Multiaddr.parse(address.toString()).bytes()).isEqualTo(garbage);
        }
        if (accepts(() -> PeerId.fromBytes(garbage))) {
            assertThat(PeerId.parse(PeerId.fromBytes(garbage).toString()).bytes())
                    .isEqualTo(garbage);
        }
        if (accepts(() -> Cid.fromBytes(garbage))) {
            assertThat(Cid.fromBytes(garbage).bytes()).isEqualTo(garbage);
        }
        if (accepts(() -> Multihash.fromBytes(garbage))) {
            assertThat(Multihash.fromBytes(garbage).bytes()).isEqualTo(garbage);
        }
        accepts(() -> UnsignedVarint.read(garbage.asReadOnlyBuffer()));
        accepts(() -> KadKey.ofDigest(garbage));
    }

    @Property
    void inTextIsAcceptedOrRefused(@ForAll @StringLength(max = 60) String garbage) {
        parseEverything(garbage);
        for (String prefix :
                new String[] {"/", "/ip4/", "/ip6/", "/p2p/", "/dns/a/", "/unix", "Qm", "1", "b", "z", "f0172"}) {
            parseEverything(prefix + garbage);
        }
    }

    @Property(tries = 5000)
    void inAddressTextIsAcceptedOrRefused(@ForAll("addressLike") String garbage) {
        parseEverything(garbage);
    }

    @Provide
    Arbitrary<String> addressLike() {
        Arbitrary<String> names = Arbitraries.of(MultiaddrProtocol.values()).map(MultiaddrProtocol::text);
        Arbitrary<String> values = Arbitraries.of(
                "1.2.3.4",
                "::",
                "1::2",
                "0",
                "65536",
                "a",
                "",
                "%41",
                "aaimaq4ygg2iegci:80",
                "uEiA",
                "-1",
                "\n",
                "0.0.0.0:1");
        return Arbitraries.oneOf(names, names, values).list().ofMaxSize(18).map(parts -> "/" + String.join("/", parts));
    }

    private static void parseEverything(String garbage) {
        if (accepts(() -> Multiaddr.parse(garbage))) {
            Multiaddr address = Multiaddr.parse(garbage);
            assertThat(Multiaddr.fromBytes(address.bytes())).isEqualTo(address);
            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
        }
        accepts(() -> PeerId.parse(garbage));
        accepts(() -> Cid.parse(garbage));
        accepts(() -> Multibase.decode(garbage));
        accepts(() -> Bytes.fromHex(garbage));
        accepts(() -> Bytes.utf8(garbage));
    }
}

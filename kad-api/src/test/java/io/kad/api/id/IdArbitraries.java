package io.kad.api.id;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import net.jqwik.api.domains.DomainContextBase;

/** Arbitraries of identifiers and keys. */
@Domain(DomainContext.Global.class)
class IdArbitraries extends DomainContextBase {

    private static final int MAX_BYTES = 200;

    static Arbitrary<Bytes> bytes(int minSize, int maxSize) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(minSize)
                .ofMaxSize(maxSize)
                .map(Bytes::of);
    }

    @Provide
    Arbitrary<Bytes> bytes() {
        Arbitrary<Bytes> zeros = Arbitraries.integers().between(0, 5).map(count -> Bytes.of(new byte[count]));
        return Combinators.combine(zeros, bytes(0, MAX_BYTES)).as((leading, rest) -> Bytes.concat(leading, rest));
    }

    /** Returns words that are often equal, so that keys share prefixes and whole words. */
    private static Arbitrary<Long> words() {
        return Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.of(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Provide
    Arbitrary<KadKey> kadKeys() {
        return Combinators.combine(words(), words(), words(), words()).as(KadKey::of);
    }

    @Provide
    Arbitrary<Distance> distances() {
        return Combinators.combine(words(), words(), words(), words()).as(Distance::of);
    }

    @Provide
    Arbitrary<PeerId> peerIds() {
        int inline = PeerId.MAX_INLINE_KEY_BYTES;
        return Arbitraries.oneOf(bytes(0, inline), bytes(inline + 1, MAX_BYTES)).map(PeerId::fromPublicKey);
    }

    @Provide
    Arbitrary<Multihash> multihashes() {
        Arbitrary<Long> codes =
                Arbitraries.longs().between(0, Long.MAX_VALUE).filter(code -> code != Multihash.SHA2_256);
        return Arbitraries.oneOf(
                bytes().map(Multihash::sha256),
                Combinators.combine(codes, bytes(0, Multihash.MAX_DIGEST_BYTES)).as(Multihash::new));
    }

    @Provide
    Arbitrary<Cid> cids() {
        return Arbitraries.oneOf(
                bytes().map(content -> new Cid(0, Cid.DAG_PB, Multihash.sha256(content))),
                Combinators.combine(Arbitraries.longs().between(0, Long.MAX_VALUE), multihashes())
                        .as(Cid::v1));
    }

    @Provide
    Arbitrary<RawAddress> addresses() {
        return RawAddress.arbitrary();
    }
}

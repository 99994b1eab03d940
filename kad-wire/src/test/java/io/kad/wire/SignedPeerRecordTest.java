package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.UnsignedVarint;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.KeyType;
import io.kad.wire.key.PrivateKeyIdentity;
import io.kad.wire.key.PublicKey;
import io.kad.wire.proto.WireEnvelope;
import io.kad.wire.proto.WireKey;
import io.kad.wire.proto.WirePeerRecord;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignedPeerRecordTest {

    private static final Ed25519Identity IDENTITY = Ed25519Identity.fromSeed(Bytes.of(new byte[32]));
    private static final Ed25519Identity OTHER =
            Ed25519Identity.fromSeed(Bytes.utf8("another seed of thirty-two bytes"));
    private static final List<Multiaddr> ADDRESSES = TestMessages.addresses(2);

    private static ByteString wire(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }

    private static Bytes bytes(ByteString wire) {
        return Bytes.of(wire.toByteArray());
    }

    /** Returns the signed bytes: each part with a length prefix; all parts are shorter than 128 bytes here. */
    private static Bytes signedBytes(String domain, Bytes type, Bytes payload) {
        return Bytes.concat(
                Bytes.of((byte) domain.length()),
                Bytes.utf8(domain),
                Bytes.of((byte) type.size()),
                type,
                Bytes.of((byte) payload.size()),
                payload);
    }

    private static WirePeerRecord.Builder wireRecord(Ed25519Identity identity, List<Multiaddr> addresses) {
        WirePeerRecord.Builder record = WirePeerRecord.newBuilder()
                .setPeerId(wire(identity.peerId().bytes()))
                .setSeq(7);
        addresses.forEach(address ->
                record.addAddresses(WirePeerRecord.AddressInfo.newBuilder().setMultiaddr(wire(address.bytes()))));
        return record;
    }

    private static Bytes envelope(Ed25519Identity signer, String domain, Bytes type, WirePeerRecord record)
            throws Exception {
        Bytes payload = Bytes.of(record.toByteArray());
        return Bytes.of(WireEnvelope.newBuilder()
                .setPublicKey(WireKey.parseFrom(signer.publicKey().toArray()))
                .setPayloadType(wire(type))
                .setPayload(wire(payload))
                .setSignature(wire(signer.sign(signedBytes(domain, type, payload))))
                .build()
                .toByteArray());
    }

    private static void assertRefused(Reason reason, ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void itIsWrittenInTheFormatOfGoAndJs() throws Exception {
        WireEnvelope envelope = WireEnvelope.parseFrom(
                SignedPeerRecord.seal(IDENTITY, 7, ADDRESSES).toArray());

        assertThat(envelope.getPublicKey().toByteArray())
                .isEqualTo(IDENTITY.publicKey().toArray());
        assertThat(envelope.getPayloadType()).isEqualTo(ByteString.fromHex("0301"));
        assertThat(envelope.getPayload())
                .isEqualTo(wireRecord(IDENTITY, ADDRESSES).build().toByteString());
        Bytes signed = signedBytes("libp2p-peer-record", Bytes.fromHex("0301"), bytes(envelope.getPayload()));
        assertThat(PublicKey.decode(IDENTITY.publicKey()).verify(signed, bytes(envelope.getSignature())))
                .isTrue();
    }

    @Test
    void theFormatOfRustIsReadToo() throws Exception {
        Bytes envelope = envelope(
                IDENTITY,
                "libp2p-routing-state",
                Bytes.utf8("/libp2p/routing-state-record"),
                wireRecord(IDENTITY, ADDRESSES).build());

        assertThat(SignedPeerRecord.open(envelope, IDENTITY.peerId()))
                .isEqualTo(new SignedPeerRecord(IDENTITY.peerId(), 7, ADDRESSES));
    }

    /** Sealed by PeerRecord of libp2p-core 0.44.0 of rust, with the key of seed 0 and the time in seconds as its sequence. */
    @Test
    void aRecordThatRustHasSealedIsRead() throws Exception {
        Bytes envelope = Bytes.fromHex("0a24080112203b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"
                + "121c2f6c69627032702f726f7574696e672d73746174652d7265636f7264"
                + "1a520a260024080112203b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da2910a58fb0d806"
                + "1a0a0a0804c0000201060fa11a160a142920010db8000000000000000000000001060fa1"
                + "2a406b53ee56b042180b1d988de4864bac650002737878c7b974292cbe042ab1c38fc570b52ff92e10999a41e030dfd4"
                + "57b66117dbc23a65ad766d17517baae68908");

        assertThat(SignedPeerRecord.open(envelope, IDENTITY.peerId()))
                .isEqualTo(new SignedPeerRecord(
                        IDENTITY.peerId(),
                        1_795_950_501L,
                        List.of(
                                Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"),
                                Multiaddr.parse("/ip6/2001:db8::1/tcp/4001"))));
    }

    @Test
    void aDomainThatDoesNotMatchTheTypeIsRefused() throws Exception {
        Bytes envelope = envelope(
                IDENTITY,
                "libp2p-routing-state",
                Bytes.fromHex("0301"),
                wireRecord(IDENTITY, ADDRESSES).build());

        assertRefused(Reason.BAD_SIGNATURE, () -> SignedPeerRecord.open(envelope, IDENTITY.peerId()));
    }

    @Test
    void anEnvelopeOfAnotherTypeIsRefused() throws Exception {
        Bytes envelope = envelope(
                IDENTITY,
                "libp2p-peer-record",
                Bytes.fromHex("0302"),
                wireRecord(IDENTITY, ADDRESSES).build());

        assertRefused(Reason.UNKNOWN_TYPE, () -> SignedPeerRecord.open(envelope, IDENTITY.peerId()));
    }

    @Test
    void aRecordOfAnotherPeerIsRefusedWithAnySigner() throws Exception {
        Bytes ofOtherPeer = SignedPeerRecord.seal(OTHER, 7, ADDRESSES);
        Bytes signedForAnother = envelope(
                IDENTITY,
                "libp2p-peer-record",
                Bytes.fromHex("0301"),
                wireRecord(OTHER, ADDRESSES).build());

        assertRefused(Reason.PEER_MISMATCH, () -> SignedPeerRecord.open(ofOtherPeer, IDENTITY.peerId()));
        assertRefused(Reason.PEER_MISMATCH, () -> SignedPeerRecord.open(signedForAnother, IDENTITY.peerId()));
    }

    @Test
    void trailingPeerIdsAreRemovedAndUnusableAddressesIgnored() throws Exception {
        WirePeerRecord record = wireRecord(
                        IDENTITY,
                        List.of(
                                TestMessages.address(1).withPeerId(IDENTITY.peerId()),
                                TestMessages.address(2).withPeerId(OTHER.peerId())))
                .addAddresses(WirePeerRecord.AddressInfo.newBuilder().setMultiaddr(ByteString.fromHex("e70701")))
                .addAddresses(WirePeerRecord.AddressInfo.newBuilder())
                .addAddresses(WirePeerRecord.AddressInfo.newBuilder()
                        .setMultiaddr(wire(TestMessages.address(3).bytes())))
                .build();
        Bytes payload = Bytes.of(record.toByteArray());
        assertThat(payload.size()).isGreaterThan(127);
        Bytes type = Bytes.fromHex("0301");
        Bytes signed = Bytes.concat(
                Bytes.of((byte) 18),
                Bytes.utf8("libp2p-peer-record"),
                Bytes.of((byte) 2),
                type,
                UnsignedVarint.encode(payload.size()),
                payload);
        Bytes envelope = Bytes.of(WireEnvelope.newBuilder()
                .setPublicKey(WireKey.parseFrom(IDENTITY.publicKey().toArray()))
                .setPayloadType(wire(type))
                .setPayload(wire(payload))
                .setSignature(wire(IDENTITY.sign(signed)))
                .build()
                .toByteArray());

        assertThat(SignedPeerRecord.open(envelope, IDENTITY.peerId()).addresses())
                .containsExactly(TestMessages.address(1), TestMessages.address(3));
    }

    @Test
    void addressesAreReadUpToALimit() throws Exception {
        Bytes most = SignedPeerRecord.seal(IDENTITY, 1, TestMessages.addresses(SignedPeerRecord.MAX_ADDRESSES));
        Bytes tooMany = SignedPeerRecord.seal(IDENTITY, 1, TestMessages.addresses(SignedPeerRecord.MAX_ADDRESSES + 1));

        assertThat(SignedPeerRecord.open(most, IDENTITY.peerId()))
                .isEqualTo(SignedPeerRecord.open(tooMany, IDENTITY.peerId()));
    }

    @ParameterizedTest
    @EnumSource
    void aPeerWithAKeyOfAnyTypeSealsARecord(KeyType type) throws Exception {
        PrivateKeyIdentity identity = PrivateKeyIdentity.generate(type, new SecureRandom());

        assertThat(SignedPeerRecord.open(SignedPeerRecord.seal(identity, 7, ADDRESSES), identity.peerId()))
                .isEqualTo(new SignedPeerRecord(identity.peerId(), 7, ADDRESSES));
    }

    @Test
    void anEnvelopeOverTheSizeLimitIsRefusedHoweverValid() throws Exception {
        Bytes sealed = SignedPeerRecord.seal(IDENTITY, 7, ADDRESSES);
        // An unknown field, 15, which a reader skips
        int padding = SignedPeerRecord.MAX_ENVELOPE_BYTES - sealed.size() - 3;
        Bytes longest = Bytes.concat(
                sealed, Bytes.of((byte) 0x7a), UnsignedVarint.encode(padding), Bytes.of(new byte[padding]));

        assertThat(longest.size()).isEqualTo(SignedPeerRecord.MAX_ENVELOPE_BYTES);
        assertThat(SignedPeerRecord.open(longest, IDENTITY.peerId()).sequence()).isEqualTo(7);
        assertRefused(
                Reason.TOO_LARGE,
                () -> SignedPeerRecord.open(Bytes.concat(Bytes.of((byte) 0x78, (byte) 0), longest), IDENTITY.peerId()));
    }

    @Test
    void sequencesAreComparedAsUnsigned() {
        List<SignedPeerRecord> ascending = IntStream.of(0, 1, Integer.MAX_VALUE, -2, -1)
                .mapToObj(sequence -> new SignedPeerRecord(IDENTITY.peerId(), sequence, List.of()))
                .toList();

        for (int older = 0; older < ascending.size(); older++) {
            for (int newer = 0; newer < ascending.size(); newer++) {
                assertThat(ascending.get(newer).isNewerThan(ascending.get(older)))
                        .isEqualTo(newer > older);
            }
        }
    }

    @Property
    void sealedRecordsRoundTrip(@ForAll long sequence, @ForAll("addresses") List<Multiaddr> addresses)
            throws Exception {
        assertThat(SignedPeerRecord.open(SignedPeerRecord.seal(IDENTITY, sequence, addresses), IDENTITY.peerId()))
                .isEqualTo(new SignedPeerRecord(IDENTITY.peerId(), sequence, addresses));
    }

    @Test
    void aFlippedBitAnywhereIsRefused() throws Exception {
        Bytes sealed = SignedPeerRecord.seal(IDENTITY, 7, ADDRESSES);
        for (int at = 0; at < sealed.size(); at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] corrupted = sealed.toArray();
                corrupted[at] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> SignedPeerRecord.open(Bytes.of(corrupted), IDENTITY.peerId()))
                        .isInstanceOf(MalformedMessageException.class);
            }
        }
    }

    @Test
    void truncatedEnvelopesAreMalformed() {
        Bytes sealed = SignedPeerRecord.seal(IDENTITY, 7, ADDRESSES);
        for (int length = 0; length < sealed.size(); length++) {
            Bytes truncated = sealed.slice(0, length);
            assertThatThrownBy(() -> SignedPeerRecord.open(truncated, IDENTITY.peerId()))
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @Property
    void garbageIsMalformedOnly(@ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(() -> SignedPeerRecord.open(Bytes.of(garbage), IDENTITY.peerId()));
    }

    @Provide
    Arbitrary<List<Multiaddr>> addresses() {
        return TestMessages.addresses().list().uniqueElements().ofMaxSize(10);
    }
}

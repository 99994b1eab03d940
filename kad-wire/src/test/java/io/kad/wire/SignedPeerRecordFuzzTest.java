package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.wire.encoding.ProtoWriter;
import io.kad.wire.key.Ed25519Identity;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Signed envelopes, and the records in them: the first byte of an input tells whether the rest is an envelope, or a record that is signed here. */
class SignedPeerRecordFuzzTest {

    private static final Ed25519Identity IDENTITY = Ed25519Identity.fromSeed(Bytes.of(new byte[32]));
    private static final Bytes RECORD = Bytes.concat(
            Bytes.fromHex("0a26"),
            IDENTITY.peerId().bytes(),
            Bytes.fromHex("1007"),
            Bytes.fromHex("1a0a0a08047f000001060fa1"),
            Bytes.fromHex("1a080a0604c0000201"));

    static Stream<byte[]> seeds() {
        Bytes envelope = SignedPeerRecord.seal(IDENTITY, -1, TestMessages.addresses(2));
        return Stream.of(
                Bytes.concat(Bytes.fromHex("00"), envelope).toArray(),
                Bytes.concat(Bytes.fromHex("00"), rustEnvelope(RECORD)).toArray(),
                Bytes.concat(Bytes.fromHex("01"), RECORD).toArray());
    }

    private static Bytes rustEnvelope(Bytes payload) {
        Bytes type = Bytes.utf8("/libp2p/routing-state-record");
        Bytes signed = new ProtoWriter(256)
                .delimited(Bytes.utf8("libp2p-routing-state"))
                .delimited(type)
                .delimited(payload)
                .toBytes();
        return new ProtoWriter(256)
                .bytes(1, IDENTITY.publicKey())
                .bytes(2, type)
                .bytes(3, payload)
                .bytes(5, IDENTITY.sign(signed))
                .toBytes();
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrSealedAgain(byte[] input) {
        Bytes rest = Decoded.tail(input, 1);
        boolean isRecord = input.length > 0 && input[0] != 0;
        Bytes envelope = isRecord ? rustEnvelope(rest) : rest;
        assertThat(Decoded.of(envelope, bytes -> SignedPeerRecord.open(bytes, TestMessages.peerId(1))))
                .as("opened as a record of another peer")
                .isEmpty();
        Optional<SignedPeerRecord> opened =
                Decoded.of(envelope, bytes -> SignedPeerRecord.open(bytes, IDENTITY.peerId()));
        if (opened.isEmpty()) {
            return;
        }
        SignedPeerRecord record = opened.get();
        assertThat(record.peer()).isEqualTo(IDENTITY.peerId());
        assertThat(record.addresses()).hasSizeLessThanOrEqualTo(SignedPeerRecord.MAX_ADDRESSES);
        assertThat(record.addresses())
                .allSatisfy(address -> assertThat(address.peerId()).isNotEqualTo(Optional.of(IDENTITY.peerId())));
        Bytes sealed = SignedPeerRecord.seal(IDENTITY, record.sequence(), record.addresses());
        assertThat(Decoded.of(sealed, bytes -> SignedPeerRecord.open(bytes, IDENTITY.peerId())))
                .contains(record);
    }
}

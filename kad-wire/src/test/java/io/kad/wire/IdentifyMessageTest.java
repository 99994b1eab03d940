package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.PublicKey;
import io.kad.wire.proto.WireIdentify;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IdentifyMessageTest {

    private static final Ed25519Identity IDENTITY = Ed25519Identity.fromSeed(Bytes.of(new byte[32]));
    private static final Multiaddr OBSERVED = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final IdentifyMessage NOTHING =
            new IdentifyMessage(Optional.empty(), List.of(), Set.of(), Optional.empty(), "", "", Optional.empty());

    private static IdentifyMessage with(List<Multiaddr> addresses, Optional<Bytes> signedRecord) {
        return new IdentifyMessage(
                Optional.of(IDENTITY.publicKey()),
                addresses,
                protocols("/ipfs/id/1.0.0", "/ipfs/kad/1.0.0"),
                Optional.of(OBSERVED),
                "ipfs/0.1.0",
                "kad/0.1.0",
                signedRecord);
    }

    private static Set<String> protocols(String... names) {
        return new LinkedHashSet<>(List.of(names));
    }

    private static IdentifyMessage read(WireIdentify.Builder message) throws MalformedMessageException {
        return IdentifyMessage.decode(Bytes.of(message.build().toByteArray()));
    }

    private static ByteString wire(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }

    @Test
    void encodingMatchesTheSpecification() throws Exception {
        IdentifyMessage message = new IdentifyMessage(
                Optional.of(Bytes.fromHex("aabb")),
                List.of(OBSERVED),
                protocols("/a", "/b"),
                Optional.of(OBSERVED),
                "p/1",
                "a/2",
                Optional.of(Bytes.fromHex("cc")));
        String address = "08" + "047f000001060fa1";

        assertThat(message.encode().hex())
                .isEqualTo("0a02aabb" + "12" + address + "1a022f61" + "1a022f62" + "22" + address + "2a03702f31"
                        + "3203612f32" + "4201cc");
        assertThat(IdentifyMessage.decode(message.encode())).isEqualTo(message);
    }

    @Test
    void missingFieldsAreNotWritten() throws Exception {
        assertThat(NOTHING.encode()).isEqualTo(Bytes.EMPTY);
        assertThat(IdentifyMessage.decode(Bytes.EMPTY)).isEqualTo(NOTHING);
    }

    @Test
    void anEmptySignedRecordIsNeverWritten() throws Exception {
        assertThat(with(List.of(), Optional.of(Bytes.EMPTY)).encode())
                .isEqualTo(with(List.of(), Optional.empty()).encode());
    }

    @Test
    void protocolsKeepTheirOrder() throws Exception {
        Set<String> protocols = protocols("/z", "/a", "/m", "/b");
        IdentifyMessage message = read(WireIdentify.newBuilder().addAllProtocols(protocols));

        assertThat(message.protocols()).containsExactly("/z", "/a", "/m", "/b");
    }

    /** rust-libp2p reads one message of 4096 bytes; go-libp2p and js-libp2p send up to ten of 8192. */
    @Test
    void theLimitsAreThoseOfTheOtherImplementations() {
        assertThat(IdentifyMessage.MAX_SENT_BYTES).isEqualTo(4096);
        assertThat(IdentifyMessage.MAX_READ_BYTES).isEqualTo(8192);
        assertThat(IdentifyMessage.MAX_MESSAGES).isEqualTo(10);
    }

    @Test
    void addressesThatDoNotFitAreOmittedFromTheLastOn() throws Exception {
        List<Multiaddr> many = TestMessages.addresses(1000);
        Bytes encoded = with(many, Optional.empty()).encode();
        WireIdentify sent = WireIdentify.parseFrom(encoded.toArray());

        assertThat(encoded.size()).isBetween(IdentifyMessage.MAX_SENT_BYTES - 9, IdentifyMessage.MAX_SENT_BYTES);
        assertThat(sent.getListenAddrsList())
                .isEqualTo(many.subList(0, sent.getListenAddrsCount()).stream()
                        .map(address -> wire(address.bytes()))
                        .toList());
        assertThat(sent.getProtocolsList()).containsExactly("/ipfs/id/1.0.0", "/ipfs/kad/1.0.0");
        assertThat(sent.getAgentVersion()).isEqualTo("kad/0.1.0");
    }

    @Test
    void aSignedRecordThatDoesNotFitIsOmitted() throws Exception {
        IdentifyMessage plain = with(TestMessages.addresses(3), Optional.empty());
        int room = IdentifyMessage.MAX_SENT_BYTES - plain.encode().size() - 3;

        assertThat(with(TestMessages.addresses(3), Optional.of(Bytes.of(new byte[room])))
                        .encode()
                        .size())
                .isEqualTo(IdentifyMessage.MAX_SENT_BYTES);
        assertThat(with(TestMessages.addresses(3), Optional.of(Bytes.of(new byte[room + 1])))
                        .encode())
                .isEqualTo(plain.encode());
    }

    @Test
    void moreProtocolsThanFitAreRefused() {
        Set<String> protocols = IntStream.range(0, 100)
                .mapToObj(number -> "/" + number + "x".repeat(50))
                .collect(Collectors.toSet());
        IdentifyMessage message =
                new IdentifyMessage(Optional.empty(), List.of(), protocols, Optional.empty(), "", "", Optional.empty());

        assertThatThrownBy(message::encode).isInstanceOf(MessageTooLargeException.class);
    }

    @Test
    void aMessageOverTheReadLimitIsMalformed() throws Exception {
        Bytes unknownField = Bytes.concat(Bytes.fromHex("7afd3f"), Bytes.of(new byte[8189]));

        assertThat(unknownField.size()).isEqualTo(IdentifyMessage.MAX_READ_BYTES);
        assertThat(IdentifyMessage.decode(unknownField)).isEqualTo(NOTHING);
        assertThatThrownBy(() -> IdentifyMessage.decode(Bytes.concat(unknownField, Bytes.fromHex("00"))))
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void addressesAreReadUpToALimit() throws Exception {
        WireIdentify.Builder message = WireIdentify.newBuilder();
        TestMessages.addresses(IdentifyMessage.MAX_ADDRESSES + 1)
                .forEach(address -> message.addListenAddrs(wire(address.bytes())));

        assertThat(read(message).listenAddresses()).isEqualTo(TestMessages.addresses(IdentifyMessage.MAX_ADDRESSES));
    }

    @Test
    void protocolsAreReadUpToLimitsOfNumberAndLength() throws Exception {
        WireIdentify.Builder message = WireIdentify.newBuilder();
        String longest = "/".repeat(IdentifyMessage.MAX_PROTOCOL_BYTES);
        message.addProtocols(longest + "/").addProtocols(longest).addProtocols("");
        IntStream.range(0, IdentifyMessage.MAX_PROTOCOLS).forEach(number -> message.addProtocols("/" + number));

        assertThat(read(message).protocols())
                .hasSize(IdentifyMessage.MAX_PROTOCOLS)
                .contains(longest, "/0", "/254")
                .doesNotContain(longest + "/", "", "/255");
    }

    @Test
    void versionsThatAreTooLongAreMissing() throws Exception {
        String longest = "v".repeat(IdentifyMessage.MAX_VERSION_BYTES);
        IdentifyMessage message =
                read(WireIdentify.newBuilder().setAgentVersion(longest).setProtocolVersion(longest + "v"));

        assertThat(message.agentVersion()).isEqualTo(longest);
        assertThat(message.protocolVersion()).isEmpty();
    }

    @Test
    void aKeyThatIsTooLongIsMissing() throws Exception {
        ByteString longest = ByteString.copyFrom(new byte[PublicKey.MAX_ENCODED_BYTES]);

        assertThat(read(WireIdentify.newBuilder().setPublicKey(longest)).publicKey())
                .isPresent();
        assertThat(read(WireIdentify.newBuilder().setPublicKey(longest.concat(ByteString.fromHex("00"))))
                        .publicKey())
                .isEmpty();
    }

    @Test
    void fieldsThatAreNotUnderstoodAreMissingAndTheRestIsUsed() throws Exception {
        // Neither UTF-8 nor addresses; fields 3 and 6 as numbers; field 7
        Bytes message = Bytes.fromHex(
                "1a01ff" + "3201ff" + "120104" + "2203e70701" + "1805" + "3005" + "3a0161" + "1a022f61" + "0a02aabb");

        assertThat(IdentifyMessage.decode(message))
                .isEqualTo(new IdentifyMessage(
                        Optional.of(Bytes.fromHex("aabb")),
                        List.of(),
                        Set.of("/a"),
                        Optional.empty(),
                        "",
                        "",
                        Optional.empty()));
    }

    @Test
    void mergingReplacesSingleFieldsAndExtendsLists() {
        IdentifyMessage first = with(TestMessages.addresses(2), Optional.empty());
        IdentifyMessage second = new IdentifyMessage(
                Optional.empty(),
                List.of(TestMessages.address(1), TestMessages.address(2)),
                Set.of("/x"),
                Optional.empty(),
                "",
                "other/1",
                Optional.of(Bytes.fromHex("cc")));

        assertThat(first.merge(second))
                .isEqualTo(new IdentifyMessage(
                        first.publicKey(),
                        TestMessages.addresses(3),
                        Set.of("/ipfs/id/1.0.0", "/ipfs/kad/1.0.0", "/x"),
                        first.observedAddress(),
                        "ipfs/0.1.0",
                        "other/1",
                        Optional.of(Bytes.fromHex("cc"))));
        assertThat(NOTHING.merge(first)).isEqualTo(first);
        assertThat(first.merge(NOTHING)).isEqualTo(first);
    }

    @Test
    void mergedListsKeepTheirLimits() {
        Set<String> most = IntStream.range(0, IdentifyMessage.MAX_PROTOCOLS)
                .mapToObj(number -> "/" + number)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        IdentifyMessage full = new IdentifyMessage(
                Optional.empty(),
                TestMessages.addresses(IdentifyMessage.MAX_ADDRESSES),
                most,
                Optional.empty(),
                "",
                "",
                Optional.empty());
        IdentifyMessage merged = full.merge(with(List.of(OBSERVED), Optional.empty()));

        assertThat(merged.listenAddresses()).isEqualTo(full.listenAddresses());
        assertThat(merged.protocols()).isEqualTo(most);
    }

    @Test
    void listenAddressesLoseTheirPeerIdAndThoseOfOtherPeersAreLeftOut() {
        Ed25519Identity other = Ed25519Identity.fromSeed(Bytes.utf8("another seed of thirty-two bytes"));
        List<Multiaddr> listening = List.of(
                TestMessages.address(1),
                TestMessages.address(2).withPeerId(IDENTITY.peerId()),
                TestMessages.address(3).withPeerId(other.peerId()));

        assertThat(with(listening, Optional.empty()).listenAddressesOf(IDENTITY.peerId()))
                .containsExactly(TestMessages.address(1), TestMessages.address(2));
    }

    @Property
    void messagesRoundTrip(@ForAll("messages") IdentifyMessage message) throws Exception {
        Bytes encoded = message.encode();

        assertThat(IdentifyMessage.decode(encoded)).isEqualTo(message);
        assertThat(WireIdentify.parseFrom(encoded.toArray()).toByteArray()).isEqualTo(encoded.toArray());
    }

    @Test
    void truncatedMessagesAreMalformedOrEndBetweenFields() throws Exception {
        Bytes whole = with(TestMessages.addresses(2), Optional.of(Bytes.fromHex("cc")))
                .encode();
        int readable = 0;
        for (int length = 0; length < whole.size(); length++) {
            try {
                IdentifyMessage.decode(whole.slice(0, length));
                readable++;
            } catch (MalformedMessageException expected) {
                assertThat(expected.reason()).isEqualTo(Reason.NOT_PROTOBUF);
            }
        }
        // Before each of the nine fields
        assertThat(readable).isEqualTo(9);
    }

    @Property
    void garbageIsMalformedOnly(@ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(
                () -> IdentifyMessage.decode(Bytes.of(garbage)).listenAddressesOf(IDENTITY.peerId()));
    }

    @Property
    void corruptedMessagesAreMalformedOnly(@ForAll("corrupted") Bytes corrupted) {
        Garbage.isMalformedAtWorst(() -> IdentifyMessage.decode(corrupted).listenAddressesOf(IDENTITY.peerId()));
    }

    @Provide
    Arbitrary<Bytes> corrupted() throws MessageTooLargeException {
        return Garbage.corrupted(with(
                        TestMessages.addresses(2),
                        Optional.of(SignedPeerRecord.seal(IDENTITY, 1, TestMessages.addresses(2))))
                .encode());
    }

    @Provide
    Arbitrary<IdentifyMessage> messages() {
        Arbitrary<String> texts = Arbitraries.strings().alpha().ofMaxLength(40);
        Arbitrary<Optional<Bytes>> blobs = TestMessages.bytes(1, 200).optional();
        return Combinators.combine(
                        blobs,
                        TestMessages.addresses().list().uniqueElements().ofMaxSize(8),
                        Arbitraries.strings()
                                .ofMinLength(1)
                                .ofMaxLength(20)
                                .set()
                                .ofMaxSize(8),
                        TestMessages.addresses().optional(),
                        texts,
                        texts,
                        blobs)
                .as(IdentifyMessage::new);
    }
}

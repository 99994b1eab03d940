package io.kad.wire.message;

import static io.kad.wire.TestMessages.CODEC;
import static io.kad.wire.TestMessages.KEY;
import static io.kad.wire.TestMessages.NOW;
import static io.kad.wire.TestMessages.decodeRequest;
import static io.kad.wire.TestMessages.decodeResponse;
import static io.kad.wire.TestMessages.peerId;
import static io.kad.wire.TestMessages.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.wire.Garbage;
import io.kad.wire.TestMessages;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.proto.WireMessage;
import io.kad.wire.proto.WireMessage.Peer;
import io.kad.wire.proto.WireRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KadCodecTest {

    private static final KadRequest.FindNode FIND_NODE = new KadRequest.FindNode(Bytes.EMPTY);
    private static final KadRequest.GetValue GET_VALUE = new KadRequest.GetValue(KEY);
    private static final KadRequest.PutValue PUT_VALUE = new KadRequest.PutValue(record("value"));
    private static final KadRequest.GetProviders GET_PROVIDERS = new KadRequest.GetProviders(KEY);

    private static ByteString wire(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }

    private static ByteString wire(RecordKey key) {
        return wire(key.bytes());
    }

    private static WireMessage.Builder message(WireMessage.Type type) {
        return WireMessage.newBuilder().setType(type);
    }

    private static Peer peer(int number, Multiaddr... addresses) {
        Peer.Builder peer = Peer.newBuilder().setId(wire(peerId(number).bytes()));
        for (Multiaddr address : addresses) {
            peer.addAddrs(wire(address.bytes()));
        }
        return peer.build();
    }

    private static List<PeerInfo> closer(WireMessage.Builder response) throws MalformedMessageException {
        return ((KadResponse.FindNode) decodeResponse(response.build().toByteArray(), FIND_NODE)).closerPeers();
    }

    private static void isMalformed(Reason reason, ThrowingCallable decoding) {
        assertThatThrownBy(decoding)
                .isInstanceOfSatisfying(
                        MalformedMessageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void aMissingTypeIsPutValue() throws Exception {
        WireRecord record = WireRecord.newBuilder()
                .setKey(wire(KEY))
                .setValue(ByteString.copyFromUtf8("value"))
                .build();
        byte[] message = WireMessage.newBuilder()
                .setKey(wire(KEY))
                .setRecord(record)
                .build()
                .toByteArray();

        assertThat(decodeRequest(message)).isEqualTo(PUT_VALUE);
        assertThat(decodeResponse(message, PUT_VALUE)).isEqualTo(new KadResponse.PutValue(record("value")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0806", "08ffffffffffffffffff01", "088080808010"})
    void unknownTypesAreMalformed(String hex) {
        isMalformed(Reason.UNKNOWN_TYPE, () -> decodeRequest(hex));
        isMalformed(Reason.UNEXPECTED_RESPONSE_TYPE, () -> decodeResponse(hex, FIND_NODE));
    }

    @Test
    void unknownFieldsAndTheClusterLevelAreIgnored() throws Exception {
        assertThat(decodeRequest("0804" + "500a" + "a2060161" + "a806ff01" + "b30608" + "01b406" + "12016b"))
                .isEqualTo(new KadRequest.FindNode(Bytes.utf8("k")));
    }

    @Test
    void aKnownFieldOfAnotherWireTypeIsIgnored() throws Exception {
        // The key as a number, then as bytes
        assertThat(decodeRequest("0804" + "1005" + "12016b")).isEqualTo(new KadRequest.FindNode(Bytes.utf8("k")));
    }

    @Test
    void putValueWithoutARecordOrWithAnotherKeyIsMalformed() {
        WireMessage.Builder message = message(WireMessage.Type.PUT_VALUE).setKey(wire(KEY));

        isMalformed(Reason.MISSING_FIELD, () -> decodeRequest(message.build().toByteArray()));
        isMalformed(Reason.MISSING_FIELD, () -> decodeRequest(new byte[0]));
        for (String key : List.of("", "/ns/other")) {
            message.setRecord(WireRecord.newBuilder().setKey(ByteString.copyFromUtf8(key)));
            isMalformed(Reason.BAD_KEY, () -> decodeRequest(message.build().toByteArray()));
        }
        message.setRecord(WireRecord.newBuilder().setKey(wire(KEY))).clearKey();
        isMalformed(Reason.BAD_KEY, () -> decodeRequest(message.build().toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0801", "0802", "0803", "08011200"})
    void requestsThatNeedAKeyAreMalformedWithoutOne(String hex) {
        isMalformed(Reason.BAD_KEY, () -> decodeRequest(hex));
    }

    @Test
    void findNodeMayLackItsKey() throws Exception {
        assertThat(decodeRequest("0804")).isEqualTo(FIND_NODE);
    }

    @Test
    void providerKeysHaveAtMost80Bytes() throws Exception {
        ByteString longest = ByteString.copyFrom(new byte[ProviderRecord.MAX_KEY_BYTES]);
        ByteString tooLong = ByteString.copyFrom(new byte[ProviderRecord.MAX_KEY_BYTES + 1]);

        for (WireMessage.Type type : List.of(WireMessage.Type.ADD_PROVIDER, WireMessage.Type.GET_PROVIDERS)) {
            assertThat(decodeRequest(message(type).setKey(longest).build().toByteArray()))
                    .isNotNull();
            isMalformed(
                    Reason.BAD_KEY,
                    () -> decodeRequest(message(type).setKey(tooLong).build().toByteArray()));
        }
        assertThat(decodeRequest(message(WireMessage.Type.GET_VALUE)
                        .setKey(tooLong)
                        .build()
                        .toByteArray()))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"0801", "0802", "0803", "0805", "0800", "''"})
    void aResponseOfAnotherTypeIsMalformed(String hex) {
        isMalformed(Reason.UNEXPECTED_RESPONSE_TYPE, () -> decodeResponse(hex, FIND_NODE));
    }

    @Test
    void aResponseToAddProviderIsAnIllegalArgument() {
        assertThatThrownBy(() -> decodeResponse("0802", new KadRequest.AddProvider(KEY, List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/ns/other", "/ns/key "})
    void aRecordOfAnotherKeyThanRequestedIsMalformed(String key) {
        byte[] response = message(WireMessage.Type.GET_VALUE)
                .setKey(wire(KEY))
                .setRecord(WireRecord.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                .build()
                .toByteArray();

        isMalformed(Reason.UNEXPECTED_RECORD, () -> decodeResponse(response, GET_VALUE));
    }

    @Test
    void aPutResponseWithoutARecordIsMalformed() {
        byte[] response =
                message(WireMessage.Type.PUT_VALUE).setKey(wire(KEY)).build().toByteArray();

        isMalformed(Reason.MISSING_FIELD, () -> decodeResponse(response, PUT_VALUE));
    }

    @ParameterizedTest
    @CsvSource({
        "/ns/other, /ns/key, value",
        "/ns/key, /ns/other, value",
        "/ns/key, /ns/key, other",
        "/ns/key, '', value"
    })
    void aPutResponseWithAnotherRecordIsMalformed(String key, String recordKey, String value) {
        byte[] response = message(WireMessage.Type.PUT_VALUE)
                .setKey(ByteString.copyFromUtf8(key))
                .setRecord(WireRecord.newBuilder()
                        .setKey(ByteString.copyFromUtf8(recordKey))
                        .setValue(ByteString.copyFromUtf8(value)))
                .build()
                .toByteArray();

        isMalformed(Reason.UNEXPECTED_RECORD, () -> decodeResponse(response, PUT_VALUE));
    }

    @Test
    void aPutResponseMayOmitTheOuterKey() throws Exception {
        byte[] response = message(WireMessage.Type.PUT_VALUE)
                .setRecord(WireRecord.newBuilder().setKey(wire(KEY)).setValue(ByteString.copyFromUtf8("value")))
                .build()
                .toByteArray();

        assertThat(decodeResponse(response, PUT_VALUE)).isEqualTo(new KadResponse.PutValue(record("value")));
    }

    @Test
    void anInvalidAddressIsIgnoredAndTheRestIsUsed() throws Exception {
        Multiaddr good = TestMessages.address(1);
        Peer peer = peer(1).toBuilder()
                .addAddrs(ByteString.EMPTY)
                .addAddrs(ByteString.fromHex("047f0000")) // truncated
                .addAddrs(ByteString.fromHex("e70701")) // protocol 999
                .addAddrs(wire(good.bytes()))
                .build();

        assertThat(closer(message(WireMessage.Type.FIND_NODE).addCloserPeers(peer)))
                .containsExactly(PeerInfo.of(peerId(1), List.of(good)));
    }

    @Test
    void whatARequestCarriesBesidesItsKindIsNeitherReadNorReflected() throws Exception {
        WireMessage.Builder stuffed = message(WireMessage.Type.PING)
                .setKey(wire(KEY))
                .setRecord(WireRecord.newBuilder().setKey(wire(KEY)).setValue(wire(KEY)))
                .addCloserPeers(peer(1, TestMessages.address(1)))
                .addProviderPeers(peer(2, TestMessages.address(2)));

        assertThat(decodeRequest(stuffed.build().toByteArray())).isEqualTo(new KadRequest.Ping());
        assertThat(decodeRequest(
                        stuffed.setType(WireMessage.Type.FIND_NODE).build().toByteArray()))
                .isEqualTo(new KadRequest.FindNode(KEY.bytes()));
        assertThat(CODEC.encode(new KadResponse.Ping(), NOW))
                .isEqualTo(message(WireMessage.Type.PING).build().toByteArray());
    }

    @Test
    void anInvalidPeerIdIsIgnoredAndTheRestIsUsed() throws Exception {
        WireMessage.Builder response = message(WireMessage.Type.FIND_NODE)
                .addCloserPeers(Peer.newBuilder())
                .addCloserPeers(Peer.newBuilder().setId(ByteString.fromHex("1221aabb")))
                .addCloserPeers(Peer.newBuilder().setId(ByteString.fromHex("1303aabbcc"))) // another hash
                .addCloserPeers(peer(2));

        assertThat(closer(response)).containsExactly(PeerInfo.of(peerId(2), List.of()));
    }

    @Test
    void anUnknownConnectionTypeIsIgnored() throws Exception {
        // Connection type 7 after the ID of the peer
        String hex = "0804" + "4209" + "0a050003010203" + "1807" + "4209" + "0a050003010204" + "1803";
        KadResponse.FindNode response = (KadResponse.FindNode) decodeResponse(hex, FIND_NODE);

        assertThat(response.closerPeers())
                .extracting(PeerInfo::connection)
                .containsExactly(ConnectionType.NOT_CONNECTED, ConnectionType.CANNOT_CONNECT);
    }

    @Test
    void trailingPeerIdsAreRemovedAndAddressesOfOthersAreDropped() throws Exception {
        Multiaddr plain = TestMessages.address(1);
        Multiaddr relayed = Multiaddr.parse("/ip4/1.2.3.4/tcp/5/p2p/" + peerId(9) + "/p2p-circuit");
        Peer peer = peer(
                1,
                plain.withPeerId(peerId(1)),
                TestMessages.address(2).withPeerId(peerId(2)),
                Multiaddr.parse("/p2p/" + peerId(1)),
                relayed.withPeerId(peerId(1)));

        assertThat(closer(message(WireMessage.Type.FIND_NODE).addCloserPeers(peer)))
                .containsExactly(PeerInfo.of(peerId(1), List.of(plain, relayed)));
    }

    @Test
    void duplicateAddressesAreDropped() throws Exception {
        Multiaddr address = TestMessages.address(1);
        Peer peer = peer(1, address, address.withPeerId(peerId(1)), address);

        assertThat(closer(message(WireMessage.Type.FIND_NODE).addCloserPeers(peer)))
                .containsExactly(PeerInfo.of(peerId(1), List.of(address)));
    }

    @Test
    void theOrderOfIdAndAddressesDoesNotMatter() throws Exception {
        String address = "1208" + "047f000001060fa1";
        KadResponse before = decodeResponse("0804" + "4211" + address + "0a050003010203", FIND_NODE);
        KadResponse behind = decodeResponse("0804" + "4211" + "0a050003010203" + address, FIND_NODE);

        assertThat(before).isEqualTo(behind);
    }

    @Test
    void addressesBeyondTheLimitAreDropped() throws Exception {
        int kept = TestMessages.CONFIG.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        Peer peer = peer(1, TestMessages.addresses(kept + 1).toArray(Multiaddr[]::new));

        assertThat(closer(message(WireMessage.Type.FIND_NODE).addCloserPeers(peer)))
                .containsExactly(PeerInfo.of(peerId(1), TestMessages.addresses(kept)));
    }

    @Test
    void unusableAddressesAreReadUpToALimit() throws Exception {
        int read = TestMessages.CONFIG.get(KademliaConfig.MAX_ADDRESSES_PER_PEER) * DecodeBudget.READ_FACTOR;
        Peer.Builder inTime = peer(1).toBuilder();
        IntStream.range(1, read).forEach(index -> inTime.addAddrs(ByteString.EMPTY));
        Peer.Builder tooLate = inTime.clone().addAddrs(ByteString.EMPTY);
        inTime.addAddrs(wire(TestMessages.address(1).bytes()));
        tooLate.addAddrs(wire(TestMessages.address(1).bytes()));

        assertThat(closer(message(WireMessage.Type.FIND_NODE)
                        .addCloserPeers(inTime)
                        .addCloserPeers(tooLate)))
                .extracting(peer -> peer.addresses().size())
                .containsExactly(1, 0);
    }

    @Test
    void twiceKCloserPeersAreReadAndAtLeastForty() throws Exception {
        WireMessage.Builder response = message(WireMessage.Type.FIND_NODE);
        IntStream.range(0, 100).forEach(number -> response.addCloserPeers(peer(number)));
        KadCodec large =
                new KadCodec(KademliaConfig.builder().set(KademliaConfig.K, 25).build());
        KadResponse.FindNode toLarge = (KadResponse.FindNode)
                large.decodeResponse(ByteBuffer.wrap(response.build().toByteArray()), FIND_NODE, NOW);

        assertThat(closer(response)).hasSize(KadCodec.MIN_CLOSER_PEERS_READ);
        assertThat(toLarge.closerPeers()).hasSize(50);
    }

    @Test
    void providersAreReadUpToASeparateLimit() throws Exception {
        WireMessage.Builder response = message(WireMessage.Type.GET_PROVIDERS);
        IntStream.range(0, KadCodec.MAX_PROVIDERS_READ + 5).forEach(number -> response.addProviderPeers(peer(number)));
        response.addCloserPeers(peer(1));
        KadResponse.GetProviders read =
                (KadResponse.GetProviders) decodeResponse(response.build().toByteArray(), GET_PROVIDERS);

        assertThat(read.providers()).hasSize(KadCodec.MAX_PROVIDERS_READ);
        assertThat(read.closerPeers()).hasSize(1);
    }

    @Test
    void peersAfterTooManyUnusableEntriesAreIgnored() throws Exception {
        WireMessage.Builder response = message(WireMessage.Type.GET_PROVIDERS);
        Peer.Builder unusable = peer(1).toBuilder();
        int unusableEntries = 64;
        IntStream.range(0, unusableEntries).forEach(index -> unusable.addAddrs(ByteString.EMPTY));
        IntStream.range(0, DecodeBudget.MAX_UNUSABLE_ENTRIES / unusableEntries + 5)
                .forEach(index -> response.addProviderPeers(unusable));
        response.addProviderPeers(peer(2));
        KadResponse.GetProviders read =
                (KadResponse.GetProviders) decodeResponse(response.build().toByteArray(), GET_PROVIDERS);

        assertThat(read.providers()).hasSize(DecodeBudget.MAX_UNUSABLE_ENTRIES / unusableEntries);
    }

    private static Record sentAndRead(Record record) throws Exception {
        byte[] message = CODEC.encode(new KadRequest.PutValue(record), NOW);
        return ((KadRequest.PutValue) decodeRequest(message)).record();
    }

    private static int wireTtl(Instant expires) throws Exception {
        byte[] message = CODEC.encode(new KadRequest.PutValue(TestMessages.recordThatExpires(expires)), NOW);
        return WireMessage.parseFrom(message).getRecord().getTtl();
    }

    @Test
    void theRemainingTimeToLiveIsSentInWholeSecondsAndNeverAsZero() throws Exception {
        assertThat(wireTtl(NOW.plusSeconds(100))).isEqualTo(100);
        assertThat(wireTtl(NOW.plusSeconds(100).minusNanos(1))).isEqualTo(99);
        assertThat(wireTtl(NOW.plusSeconds(1))).isEqualTo(1);
        assertThat(wireTtl(NOW.plusNanos(1))).isEqualTo(1);
        assertThat(wireTtl(NOW)).isEqualTo(1);
        assertThat(wireTtl(NOW.minusSeconds(1000))).isEqualTo(1);
        assertThat(wireTtl(Instant.MIN)).isEqualTo(1);
        assertThat(wireTtl(NOW.plusSeconds(RecordCodec.MAX_TTL_SECONDS + 7))).isEqualTo(-1); // 2^32 - 1
        assertThat(wireTtl(Instant.MAX)).isEqualTo(-1);
    }

    @Test
    void aTimeToLiveOfZeroMeansNoExpiry() throws Exception {
        assertThat(sentAndRead(record("v")).expires()).isEmpty();
        byte[] zero = message(WireMessage.Type.PUT_VALUE)
                .setKey(wire(KEY))
                .setRecord(WireRecord.newBuilder().setKey(wire(KEY)).setTtl(0))
                .build()
                .toByteArray();
        assertThat(((KadRequest.PutValue) decodeRequest(zero)).record().expires())
                .isEmpty();
    }

    @Test
    void theLongestTimeToLiveIsRead() throws Exception {
        Instant expires = NOW.plusSeconds(RecordCodec.MAX_TTL_SECONDS);

        assertThat(sentAndRead(TestMessages.recordThatExpires(expires)).expires())
                .contains(expires);
    }

    private static Record readWith(WireRecord.Builder record) throws Exception {
        byte[] response = message(WireMessage.Type.GET_VALUE)
                .setRecord(record.setKey(wire(KEY)))
                .build()
                .toByteArray();
        return ((KadResponse.GetValue) decodeResponse(response, GET_VALUE))
                .record()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "2025-01-02T03:04:05.123456789Z, 2025-01-02T03:04:05.123456789Z",
        "2025-01-02T03:04:05Z, 2025-01-02T03:04:05Z",
        "2025-01-02T03:04:05.5Z, 2025-01-02T03:04:05.500Z",
        "2025-01-02t03:04:05z, 2025-01-02T03:04:05Z",
        "2025-01-02T03:04:05+02:00, 2025-01-02T01:04:05Z",
        "' 2025-01-02T03:04:05Z ', 2025-01-02T03:04:05Z"
    })
    void timesAreReadInAnyFormOfRfc3339(String text, Instant time) throws Exception {
        assertThat(readWith(WireRecord.newBuilder().setTimeReceived(text)).timeReceived())
                .contains(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2025-13-02T03:04:05Z",
                "2025-01-02 03:04:05",
                "2025-01-02T03:04:61Z",
                "1735787045"
            })
    void invalidTimesAreIgnored(String text) throws Exception {
        assertThat(readWith(WireRecord.newBuilder().setTimeReceived(text)).timeReceived())
                .isEmpty();
    }

    @Test
    void timesAreSentWithNineDigitsAsJsReadsThem() throws Exception {
        Record record = record("v").withTimeReceived(Instant.parse("2025-01-02T03:04:05Z"));
        byte[] response = CODEC.encode(new KadResponse.GetValue(Optional.of(record), List.of()), NOW);

        assertThat(WireMessage.parseFrom(response).getRecord().getTimeReceived())
                .isEqualTo("2025-01-02T03:04:05.000000000Z");
    }

    @Test
    void timesOutsideTheRangeOfRfc3339AreOmitted() throws Exception {
        assertThat(sentAndRead(record("v").withTimeReceived(Instant.MAX)).timeReceived())
                .isEmpty();
        assertThat(sentAndRead(record("v").withTimeReceived(Instant.MIN)).timeReceived())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "aa", "1221aabb", "ffffffffffffffffffff"})
    void anInvalidPublisherIsIgnored(String hex) throws Exception {
        assertThat(readWith(WireRecord.newBuilder().setPublisher(ByteString.fromHex(hex)))
                        .publisher())
                .isEmpty();
    }

    @Property
    void requestsRoundTrip(@ForAll("requests") KadRequest request) throws Exception {
        assertThat(decodeRequest(CODEC.encode(request, NOW))).isEqualTo(request);
    }

    @Property
    void responsesRoundTrip(@ForAll("exchanges") TestMessages.Exchange exchange) throws Exception {
        assertThat(decodeResponse(CODEC.encode(exchange.response(), NOW), exchange.request()))
                .isEqualTo(exchange.response());
    }

    @Property
    void protocGeneratedClassesReadAndWriteTheSameBytes(
            @ForAll("requests") KadRequest request, @ForAll("exchanges") TestMessages.Exchange exchange)
            throws Exception {
        for (byte[] message : List.of(CODEC.encode(request, NOW), CODEC.encode(exchange.response(), NOW))) {
            WireMessage read = WireMessage.parseFrom(message);

            assertThat(read.getUnknownFields().asMap()).isEmpty();
            assertThat(read.toByteArray()).isEqualTo(message);
        }
    }

    @Property
    void directAndSlicedBuffersAreRead(@ForAll("requests") KadRequest request) throws Exception {
        byte[] message = CODEC.encode(request, NOW);
        ByteBuffer direct = ByteBuffer.allocateDirect(message.length + 7);
        ByteBuffer heap = ByteBuffer.allocate(message.length + 7);
        for (ByteBuffer buffer : List.of(direct, heap, heap.slice(2, message.length + 5))) {
            buffer.position(3).put(message).flip().position(3);

            assertThat(CODEC.decodeRequest(buffer, NOW)).isEqualTo(request);
            assertThat(buffer.position()).isEqualTo(3);
        }
    }

    @Test
    void truncatedMessagesAreMalformedOrEndBetweenFields() throws Exception {
        KadResponse.GetProviders response =
                new KadResponse.GetProviders(TestMessages.peers(2, 2), TestMessages.peers(2, 1));
        byte[] whole = CODEC.encode(response, NOW);
        int readable = 0;
        for (int length = 1; length < whole.length; length++) {
            ByteBuffer truncated = ByteBuffer.wrap(whole, 0, length);
            try {
                CODEC.decodeResponse(truncated, GET_PROVIDERS, NOW);
                readable++;
            } catch (MalformedMessageException expected) {
                assertThat(expected.reason()).isEqualTo(Reason.NOT_PROTOBUF);
            }
        }
        // After the type and after each peer except the last
        assertThat(readable).isEqualTo(4);
    }

    @Property
    void garbageIsMalformedOnly(@ForAll byte[] garbage) {
        Garbage.isMalformedAtWorst(() -> decodeRequest(garbage));
        for (KadRequest request : List.of(FIND_NODE, GET_VALUE, PUT_VALUE, GET_PROVIDERS, new KadRequest.Ping())) {
            Garbage.isMalformedAtWorst(() -> decodeResponse(garbage, request));
        }
    }

    @Property
    void corruptedMessagesAreMalformedOnly(@ForAll("corrupted") Bytes corrupted) {
        Garbage.isMalformedAtWorst(() -> decodeRequest(corrupted.toArray()));
        for (KadRequest request : List.of(FIND_NODE, GET_VALUE, PUT_VALUE, GET_PROVIDERS)) {
            Garbage.isMalformedAtWorst(() -> decodeResponse(corrupted.toArray(), request));
        }
    }

    @Provide
    Arbitrary<KadRequest> requests() {
        return TestMessages.requests();
    }

    @Provide
    Arbitrary<TestMessages.Exchange> exchanges() {
        return TestMessages.exchanges();
    }

    @Provide
    Arbitrary<Bytes> corrupted() throws MessageTooLargeException {
        Record full = new Record(
                KEY, Bytes.utf8("v"), Optional.of(peerId(1)), Optional.of(NOW.plusSeconds(9)), Optional.of(NOW));
        return Garbage.corrupted(
                Bytes.of(CODEC.encode(new KadRequest.PutValue(full), NOW)),
                Bytes.of(CODEC.encode(new KadResponse.GetValue(Optional.of(full), TestMessages.peers(3, 2)), NOW)),
                Bytes.of(CODEC.encode(
                        new KadResponse.GetProviders(TestMessages.peers(3, 2), TestMessages.peers(2, 1)), NOW)));
    }
}

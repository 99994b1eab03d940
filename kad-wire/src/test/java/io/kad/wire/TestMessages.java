package io.kad.wire;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.message.KadCodec;
import io.kad.wire.message.RecordCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Values for tests of messages, and a codec with the default limits. */
public final class TestMessages {

    public static final Instant NOW = Instant.parse("2025-01-02T03:04:05.678901234Z");
    public static final KademliaConfig CONFIG = KademliaConfig.of("/kad/1.0.0");
    public static final KadCodec CODEC = new KadCodec(CONFIG);
    public static final RecordKey KEY = RecordKey.utf8("/ns/key");

    private TestMessages() {}

    public static PeerId peerId(int number) {
        return PeerId.fromBytes(Multihash.sha256(Bytes.utf8("peer " + number)).bytes());
    }

    public static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/10.0." + (number >> 8 & 0xff) + "." + (number & 0xff) + "/tcp/4001");
    }

    public static List<Multiaddr> addresses(int count) {
        return IntStream.range(0, count).mapToObj(TestMessages::address).toList();
    }

    public static List<PeerInfo> peers(int count, int addressesOfEach) {
        return IntStream.range(0, count)
                .mapToObj(number -> new PeerInfo(peerId(number), addresses(addressesOfEach), ConnectionType.CONNECTED))
                .toList();
    }

    public static KadRequest decodeRequest(String hex) throws MalformedMessageException {
        return CODEC.decodeRequest(Bytes.fromHex(hex).asReadOnlyBuffer(), NOW);
    }

    public static KadResponse decodeResponse(String hex, KadRequest request) throws MalformedMessageException {
        return CODEC.decodeResponse(Bytes.fromHex(hex).asReadOnlyBuffer(), request, NOW);
    }

    public static KadRequest decodeRequest(byte[] message) throws MalformedMessageException {
        return CODEC.decodeRequest(ByteBuffer.wrap(message), NOW);
    }

    public static KadResponse decodeResponse(byte[] message, KadRequest request) throws MalformedMessageException {
        return CODEC.decodeResponse(ByteBuffer.wrap(message), request, NOW);
    }

    static Arbitrary<Bytes> bytes(int minSize, int maxSize) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(minSize)
                .ofMaxSize(maxSize)
                .map(Bytes::of);
    }

    static Arbitrary<PeerId> peerIds() {
        return Arbitraries.oneOf(
                bytes(32, 32).map(digest -> PeerId.fromBytes(Bytes.concat(Bytes.fromHex("1220"), digest))),
                bytes(0, PeerId.MAX_INLINE_KEY_BYTES).map(PeerId::fromPublicKey));
    }

    static Arbitrary<Multiaddr> addresses() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 65535).map(TestMessages::address),
                Arbitraries.integers()
                        .between(1, 65535)
                        .map(port -> Multiaddr.parse("/ip6/::1/udp/" + port + "/quic-v1")),
                Arbitraries.of(
                        Multiaddr.parse("/dns4/example.com/tcp/443/tls/ws"),
                        Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p/" + peerId(99) + "/p2p-circuit")));
    }

    public static Arbitrary<PeerInfo> peers() {
        return Combinators.combine(
                        peerIds(),
                        addresses().list().uniqueElements().ofMaxSize(6),
                        Arbitraries.of(ConnectionType.class))
                .as(PeerInfo::new);
    }

    static Arbitrary<RecordKey> keys(int maxSize) {
        return bytes(1, maxSize).map(RecordKey::of);
    }

    static Arbitrary<Record> records(RecordKey key) {
        return Combinators.combine(
                        bytes(0, 300),
                        peerIds().optional(),
                        Arbitraries.longs()
                                .between(1, RecordCodec.MAX_TTL_SECONDS)
                                .map(NOW::plusSeconds)
                                .optional(),
                        Arbitraries.longs()
                                .between(-10_000_000_000_000L, 10_000_000_000_000L)
                                .map(millis -> Instant.ofEpochMilli(millis).plusNanos(millis & 0xfff))
                                .optional(),
                        Arbitraries.longs()
                                .between(1, 10_000_000_000_000L)
                                .map(millis -> PublicationTime.stated(Instant.ofEpochMilli(millis)))
                                .optional())
                .as((value, publisher, expires, received, published) ->
                        new Record(key, value, publisher, expires, received, published));
    }

    public static Arbitrary<KadRequest> requests() {
        return Arbitraries.oneOf(
                bytes(0, 64).map(KadRequest.FindNode::new),
                keys(64).map(KadRequest.GetValue::new),
                keys(64).flatMap(TestMessages::records).map(KadRequest.PutValue::new),
                Combinators.combine(keys(80), peers().list().ofMaxSize(3)).as(KadRequest.AddProvider::new),
                keys(80).map(KadRequest.GetProviders::new),
                Arbitraries.just(new KadRequest.Ping()));
    }

    /** Request with its response. */
    public record Exchange(KadRequest request, KadResponse response) {}

    public static Arbitrary<Exchange> exchanges() {
        Arbitrary<List<PeerInfo>> peers = peers().list().ofMaxSize(12);
        return Arbitraries.oneOf(
                peers.map(
                        closer -> new Exchange(new KadRequest.FindNode(Bytes.EMPTY), new KadResponse.FindNode(closer))),
                Combinators.combine(records(KEY).optional(), peers)
                        .as((record, closer) ->
                                new Exchange(new KadRequest.GetValue(KEY), new KadResponse.GetValue(record, closer))),
                records(KEY)
                        .map(record -> new Exchange(new KadRequest.PutValue(record), new KadResponse.PutValue(record))),
                Combinators.combine(peers, peers)
                        .as((providers, closer) -> new Exchange(
                                new KadRequest.GetProviders(KEY), new KadResponse.GetProviders(providers, closer))),
                Arbitraries.just(new Exchange(new KadRequest.Ping(), new KadResponse.Ping())));
    }

    public static Record record(String value) {
        return Record.of(KEY, Bytes.utf8(value));
    }

    public static Record recordThatExpires(Instant expires) {
        return record("v").withExpires(Optional.of(expires));
    }
}

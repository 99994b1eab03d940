package io.kad.wire.message;

import static io.kad.wire.TestMessages.CODEC;
import static io.kad.wire.TestMessages.CONFIG;
import static io.kad.wire.TestMessages.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.wire.Decoded;
import io.kad.wire.TestMessages;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of Kademlia. */
class KadRequestFuzzTest {

    static Stream<byte[]> seeds() throws MessageTooLargeException {
        List<byte[]> seeds = new ArrayList<>();
        for (KadRequest request : List.of(
                new KadRequest.FindNode(Bytes.utf8("target")),
                new KadRequest.GetValue(TestMessages.KEY),
                new KadRequest.PutValue(record()),
                new KadRequest.AddProvider(TestMessages.KEY, TestMessages.peers(2, 2)),
                new KadRequest.GetProviders(TestMessages.KEY),
                new KadRequest.Ping())) {
            seeds.add(CODEC.encode(request, NOW));
        }
        return seeds.stream();
    }

    /** Returns a record with every field. */
    static Record record() {
        return TestMessages.recordThatExpires(NOW.plusSeconds(60))
                .withPublisher(TestMessages.peerId(1))
                .withTimeReceived(NOW)
                .withPublished(Optional.of(PublicationTime.stated(NOW)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrRoundTripsWithinItsLimits(byte[] input) throws MessageTooLargeException {
        Optional<KadRequest> decoded = Decoded.of(Bytes.of(input), KadRequestFuzzTest::decode);
        if (decoded.isEmpty()) {
            return;
        }
        KadRequest request = decoded.get();
        checkLimits(request);
        if (input.length > CONFIG.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES)) {
            return; // what does not fit is refused
        }
        byte[] encoded = CODEC.encode(request, NOW);
        KadRequest again =
                Decoded.of(Bytes.of(encoded), KadRequestFuzzTest::decode).orElseThrow();
        assertThat(comparable(again)).isEqualTo(comparable(request));
        assertThat(CODEC.encode(again, NOW)).isEqualTo(encoded);
        assertThat(frame(CODEC.prepare(request, NOW))).endsWith(encoded);
    }

    private static KadRequest decode(Bytes input) throws MalformedMessageException {
        return CODEC.decodeRequest(input.asReadOnlyBuffer(), NOW);
    }

    private static byte[] frame(SizedMessage message) {
        byte[] frame = new byte[message.size()];
        message.writeTo(frame, 0);
        return frame;
    }

    private static void checkLimits(KadRequest request) {
        if (request instanceof KadRequest.AddProvider add) {
            assertThat(add.key().bytes().size()).isBetween(1, ProviderRecord.MAX_KEY_BYTES);
            checkPeers(add.providers(), KadCodec.MAX_PROVIDERS_READ);
        } else if (request instanceof KadRequest.GetProviders get) {
            assertThat(get.key().bytes().size()).isBetween(1, ProviderRecord.MAX_KEY_BYTES);
        }
    }

    /** Asserts that there are at most so many peers, each with different addresses without its ID. */
    static void checkPeers(List<PeerInfo> peers, int limit) {
        assertThat(peers).hasSizeLessThanOrEqualTo(limit);
        for (PeerInfo peer : peers) {
            assertThat(peer.addresses())
                    .hasSizeLessThanOrEqualTo(CONFIG.get(KademliaConfig.MAX_ADDRESSES_PER_PEER))
                    .doesNotHaveDuplicates()
                    .allSatisfy(address -> assertThat(address.peerId()).isNotEqualTo(Optional.of(peer.id())));
        }
    }

    /** Returns the request without what is not sent again: a time of receipt of a year that its format has not. */
    private static KadRequest comparable(KadRequest request) {
        return request instanceof KadRequest.PutValue put
                ? new KadRequest.PutValue(put.record().withTimeReceived(Optional.empty()))
                : request;
    }

    /** Returns a buffer that does not begin at 0, as a part of a larger one. */
    static ByteBuffer within(Bytes input) {
        ByteBuffer larger = ByteBuffer.allocate(input.size() + 3);
        return larger.position(3).put(input.asReadOnlyBuffer()).position(3);
    }
}

package io.kad.wire.message;

import static io.kad.wire.TestMessages.CODEC;
import static io.kad.wire.TestMessages.CONFIG;
import static io.kad.wire.TestMessages.NOW;
import static io.kad.wire.TestMessages.peers;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.wire.Decoded;
import io.kad.wire.TestMessages;
import io.kad.wire.encoding.MalformedMessageException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses of Kademlia: the first byte of an input is the number of the request. */
class KadResponseFuzzTest {

    private static final List<KadRequest> REQUESTS = List.of(
            new KadRequest.FindNode(Bytes.EMPTY),
            new KadRequest.GetValue(TestMessages.KEY),
            new KadRequest.PutValue(TestMessages.record("v")),
            new KadRequest.GetProviders(TestMessages.KEY),
            new KadRequest.Ping());

    static Stream<byte[]> seeds() {
        List<KadResponse> responses = List.of(
                new KadResponse.FindNode(peers(3, 2)),
                new KadResponse.GetValue(Optional.of(KadRequestFuzzTest.record()), peers(2, 1)),
                new KadResponse.PutValue(KadRequestFuzzTest.record()),
                new KadResponse.GetProviders(peers(2, 3), peers(2, 1)),
                new KadResponse.Ping());
        return IntStream.range(0, responses.size())
                .mapToObj(number -> Bytes.concat(
                                Bytes.of((byte) number), Bytes.of(CODEC.encode(responses.get(number), NOW)))
                        .toArray());
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrRoundTripsWithinItsLimits(byte[] input) {
        KadRequest request = REQUESTS.get(input.length == 0 ? 0 : Math.floorMod(input[0], REQUESTS.size()));
        Bytes message = Decoded.tail(input, 1);
        Optional<KadResponse> decoded = Decoded.of(message, bytes -> decode(bytes, request));
        if (decoded.isEmpty()) {
            return;
        }
        checkLimits(decoded.get());
        if (message.size() > CONFIG.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES)) {
            return; // what does not fit is left out
        }
        Bytes encoded = Bytes.of(CODEC.encode(decoded.get(), NOW));
        KadResponse again = Decoded.of(encoded, bytes -> decode(bytes, request)).orElseThrow();
        assertThat(comparable(again)).isEqualTo(comparable(decoded.get()));
        assertThat(Bytes.of(CODEC.encode(again, NOW))).isEqualTo(encoded);
    }

    private static KadResponse decode(Bytes input, KadRequest request) throws MalformedMessageException {
        return CODEC.decodeResponse(KadRequestFuzzTest.within(input), request, NOW);
    }

    private static void checkLimits(KadResponse response) {
        int maxCloser = Math.max(KadCodec.MIN_CLOSER_PEERS_READ, 2 * CONFIG.get(KademliaConfig.K));
        if (response instanceof KadResponse.FindNode find) {
            KadRequestFuzzTest.checkPeers(find.closerPeers(), maxCloser);
        } else if (response instanceof KadResponse.GetValue get) {
            KadRequestFuzzTest.checkPeers(get.closerPeers(), maxCloser);
            get.record().ifPresent(record -> assertThat(record.key()).isEqualTo(TestMessages.KEY));
        } else if (response instanceof KadResponse.GetProviders get) {
            KadRequestFuzzTest.checkPeers(get.closerPeers(), maxCloser);
            KadRequestFuzzTest.checkPeers(get.providers(), KadCodec.MAX_PROVIDERS_READ);
        }
    }

    /** Returns the response without what is not sent again: a time of receipt of a year that its format has not. */
    private static KadResponse comparable(KadResponse response) {
        if (response instanceof KadResponse.GetValue get) {
            return new KadResponse.GetValue(
                    get.record().map(record -> record.withTimeReceived(Optional.empty())), get.closerPeers());
        }
        return response instanceof KadResponse.PutValue put
                ? new KadResponse.PutValue(put.record().withTimeReceived(Optional.empty()))
                : response;
    }
}

package io.kad.wire.message;

import static io.kad.wire.TestMessages.CODEC;
import static io.kad.wire.TestMessages.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.wire.TestMessages;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Encoding of each message, with bytes derived by hand from the specification. */
class KadMessageBytesTest {

    /** Peer ID of an identity multihash of three bytes. */
    private static final PeerId PEER = PeerId.fromBytes(Bytes.fromHex("0003010203"));

    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final String ADDRESS_HEX = "047f000001060fa1";
    private static final PeerInfo PEER_INFO = new PeerInfo(PEER, List.of(ADDRESS), ConnectionType.CONNECTED);
    private static final String PEER_INFO_HEX = "0a050003010203" + "1208" + ADDRESS_HEX + "1801";
    private static final RecordKey KEY = RecordKey.utf8("/k");
    private static final String KEY_HEX = "12022f6b";

    @Test
    void findNode() throws Exception {
        assertRequest(new KadRequest.FindNode(PEER.bytes()), "0804" + "12050003010203");
        assertRequest(new KadRequest.FindNode(Bytes.EMPTY), "0804" + "1200");
    }

    @Test
    void getValue() throws Exception {
        assertRequest(new KadRequest.GetValue(KEY), "0801" + KEY_HEX);
    }

    @Test
    void putValue() throws Exception {
        assertRequest(
                new KadRequest.PutValue(Record.of(KEY, Bytes.utf8("val"))),
                "0800" + KEY_HEX + "1a09" + "0a022f6b" + "120376616c");
    }

    @Test
    void putValueWithEveryPartOfARecord() throws Exception {
        Record record =
                new Record(KEY, Bytes.EMPTY, Optional.of(PEER), Optional.of(NOW.plusSeconds(300)), Optional.of(NOW));
        String time = Bytes.utf8("2025-01-02T03:04:05.678901234Z").hex();

        // 666 << 3 | 2 = 5330, 777 << 3 = 6216, 300 = ac 02
        assertRequest(
                new KadRequest.PutValue(record),
                "0800" + KEY_HEX + "1a32" + "0a022f6b" + "1200" + "2a1e" + time + "d229050003010203" + "c830ac02");
    }

    private static Record published(PublicationTime time) {
        return Record.of(KEY, Bytes.utf8("val")).withPublished(Optional.of(time));
    }

    @Test
    void putValueWithATimeOfPublication() throws Exception {
        // 778 << 3 = 6224
        assertRequest(
                new KadRequest.PutValue(published(PublicationTime.stated(Instant.ofEpochMilli(1)))),
                "0800" + KEY_HEX + "1a0c" + "0a022f6b" + "120376616c" + "d03001");
    }

    @Test
    void anEstimatedTimeOfPublicationIsNotSent() throws Exception {
        KadRequest estimated = new KadRequest.PutValue(published(PublicationTime.estimated(NOW)));

        assertThat(Bytes.of(CODEC.encode(estimated, NOW)).hex())
                .isEqualTo("0800" + KEY_HEX + "1a09" + "0a022f6b" + "120376616c");
    }

    private static Optional<PublicationTime> publishedIn(String field) throws Exception {
        String record = "0a022f6b" + "120376616c" + field;
        String message =
                "0800" + KEY_HEX + "1a" + Bytes.of((byte) (record.length() / 2)).hex() + record;
        return ((KadRequest.PutValue) TestMessages.decodeRequest(message))
                .record()
                .published();
    }

    /** Peers that do not know the field leave it out; nothing that is in it makes a message malformed. */
    @Test
    void theTimeOfPublicationIsReadTolerantly() throws Exception {
        assertThat(publishedIn("")).isEmpty();
        assertThat(publishedIn("d03000")).as("0, the default of the field").isEmpty();
        assertThat(publishedIn("d2300161")).as("not a varint").isEmpty();
        assertThat(publishedIn("d030ffffffffffffffffff01"))
                .as("beyond every clock")
                .contains(PublicationTime.stated(Instant.ofEpochMilli(Long.MAX_VALUE)));
    }

    @Test
    void addProvider() throws Exception {
        assertRequest(new KadRequest.AddProvider(KEY, List.of(PEER_INFO)), "0802" + KEY_HEX + "4a13" + PEER_INFO_HEX);
    }

    @Test
    void getProviders() throws Exception {
        assertRequest(new KadRequest.GetProviders(KEY), "0803" + KEY_HEX);
    }

    @Test
    void ping() throws Exception {
        assertRequest(new KadRequest.Ping(), "0805");
        assertResponse(new KadRequest.Ping(), new KadResponse.Ping(), "0805");
    }

    @Test
    void findNodeResponse() throws Exception {
        assertResponse(
                new KadRequest.FindNode(Bytes.EMPTY),
                new KadResponse.FindNode(List.of(PEER_INFO, PeerInfo.of(PEER, List.of()))),
                "0804" + "4213" + PEER_INFO_HEX + "4207" + "0a050003010203");
    }

    @Test
    void getValueResponse() throws Exception {
        assertResponse(
                new KadRequest.GetValue(KEY),
                new KadResponse.GetValue(Optional.of(Record.of(KEY, Bytes.utf8("val"))), List.of(PEER_INFO)),
                "0801" + "1a09" + "0a022f6b" + "120376616c" + "4213" + PEER_INFO_HEX);
        assertResponse(new KadRequest.GetValue(KEY), new KadResponse.GetValue(Optional.empty(), List.of()), "0801");
    }

    @Test
    void putValueResponse() throws Exception {
        Record record = Record.of(KEY, Bytes.utf8("val"));

        assertResponse(
                new KadRequest.PutValue(record),
                new KadResponse.PutValue(record),
                "0800" + KEY_HEX + "1a09" + "0a022f6b" + "120376616c");
    }

    @Test
    void getProvidersResponse() throws Exception {
        assertResponse(
                new KadRequest.GetProviders(KEY),
                new KadResponse.GetProviders(List.of(PEER_INFO), List.of(PeerInfo.of(PEER, List.of()))),
                "0803" + "4207" + "0a050003010203" + "4a13" + PEER_INFO_HEX);
    }

    private static void assertRequest(KadRequest request, String hex) throws Exception {
        assertThat(HexFormat.of().formatHex(CODEC.encode(request, NOW))).isEqualTo(hex);
        assertThat(TestMessages.decodeRequest(hex)).isEqualTo(request);
    }

    private static void assertResponse(KadRequest request, KadResponse response, String hex) throws Exception {
        assertThat(HexFormat.of().formatHex(CODEC.encode(response, NOW))).isEqualTo(hex);
        assertThat(TestMessages.decodeResponse(hex, request)).isEqualTo(response);
    }
}

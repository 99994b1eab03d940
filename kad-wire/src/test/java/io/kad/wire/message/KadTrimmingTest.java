package io.kad.wire.message;

import static io.kad.wire.TestMessages.KEY;
import static io.kad.wire.TestMessages.NOW;
import static io.kad.wire.TestMessages.peers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.wire.TestMessages;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Omission of peers and addresses from messages that would exceed the limit. */
class KadTrimmingTest {

    private static final int LIMIT = 1024;
    private static final KadRequest.FindNode FIND_NODE = new KadRequest.FindNode(Bytes.EMPTY);
    private static final KadRequest.GetProviders GET_PROVIDERS = new KadRequest.GetProviders(KEY);

    private static KadCodec codec(int maxSentBytes) {
        return new KadCodec(KademliaConfig.builder()
                .set(KademliaConfig.K, 256)
                .set(KademliaConfig.MAX_SENT_MESSAGE_BYTES, maxSentBytes)
                .build());
    }

    private static byte[] encode(KadResponse response) {
        return codec(LIMIT).encode(response, NOW);
    }

    private static KadResponse decode(byte[] message, KadRequest request) throws MalformedMessageException {
        return codec(LIMIT).decodeResponse(ByteBuffer.wrap(message), request, NOW);
    }

    private static List<PeerInfo> closerSent(List<PeerInfo> peers) throws MalformedMessageException {
        byte[] message = encode(new KadResponse.FindNode(peers));
        assertThat(message).hasSizeLessThanOrEqualTo(LIMIT);
        return ((KadResponse.FindNode) decode(message, FIND_NODE)).closerPeers();
    }

    @Test
    void theFarthestPeersAreOmitted() throws Exception {
        List<PeerInfo> sent = closerSent(peers(50, 1));

        // 2 for the type; of each peer 2 + 36 for the id, 10 for the address, 2 for the connection, 2 around it
        assertThat(sent).isEqualTo(peers(50, 1).subList(0, (LIMIT - 2) / 50));
    }

    @Test
    void furtherAddressesAreOmittedBeforeAnyPeer() throws Exception {
        List<PeerInfo> sent = closerSent(peers(20, 16));

        // 20 peers with one address each take 2 + 20 * 50 bytes; the rest is enough for two more addresses
        assertThat(sent).hasSize(20);
        assertThat(sent)
                .extracting(peer -> peer.addresses().size())
                .startsWith(2, 2, 1)
                .endsWith(1);
        assertThat(sent.get(0).addresses()).isEqualTo(TestMessages.addresses(2));
    }

    @Test
    void aPeerIsSentAsSoonAsItFits() {
        KadResponse response = new KadResponse.FindNode(peers(24, 1));

        for (int limit = 1024; limit <= 1250; limit++) {
            assertThat(codec(limit).encode(response, NOW)).hasSize(2 + 50 * Math.min(24, (limit - 2) / 50));
        }
    }

    @Test
    void noMoreAddressesOfAPeerAreSentThanTheConfigurationAllows() throws Exception {
        List<PeerInfo> sent = closerSent(peers(1, 40));

        assertThat(sent).isEqualTo(peers(1, 16));
    }

    @Test
    void closerPeersGetHalfTheSpaceAndProvidersTheRest() throws Exception {
        byte[] message = encode(new KadResponse.GetProviders(peers(50, 1), peers(50, 1)));
        KadResponse.GetProviders sent = (KadResponse.GetProviders) decode(message, GET_PROVIDERS);

        assertThat(sent.closerPeers()).isEqualTo(peers(50, 1).subList(0, 10));
        assertThat(sent.providers()).isEqualTo(peers(50, 1).subList(0, 10));
    }

    @Test
    void fewProvidersLeaveTheirSpaceToCloserPeers() throws Exception {
        byte[] message = encode(new KadResponse.GetProviders(peers(2, 1), peers(50, 1)));
        KadResponse.GetProviders sent = (KadResponse.GetProviders) decode(message, GET_PROVIDERS);

        assertThat(sent.providers()).isEqualTo(peers(2, 1));
        assertThat(sent.closerPeers()).isEqualTo(peers(50, 1).subList(0, 18));
    }

    @Test
    void fewCloserPeersLeaveTheirSpaceToProviders() throws Exception {
        byte[] message = encode(new KadResponse.GetProviders(peers(50, 1), peers(2, 1)));
        KadResponse.GetProviders sent = (KadResponse.GetProviders) decode(message, GET_PROVIDERS);

        assertThat(sent.closerPeers()).isEqualTo(peers(2, 1));
        assertThat(sent.providers()).isEqualTo(peers(50, 1).subList(0, 18));
    }

    private static Record record(int valueBytes) {
        return Record.of(KEY, Bytes.of(new byte[valueBytes]));
    }

    @Test
    void aRecordIsAlwaysSentAndPeersGetTheRest() throws Exception {
        Optional<Record> record = Optional.of(record(900));
        byte[] message = encode(new KadResponse.GetValue(record, peers(50, 1)));
        KadResponse.GetValue sent = (KadResponse.GetValue) decode(message, new KadRequest.GetValue(KEY));

        assertThat(message).hasSizeLessThanOrEqualTo(LIMIT);
        assertThat(sent.record()).isEqualTo(record);
        assertThat(sent.closerPeers()).isEqualTo(peers(2, 1));
    }

    @Test
    void aRecordThatExceedsTheLimitIsSentAlone() throws Exception {
        Optional<Record> record = Optional.of(record(5000));
        byte[] message = encode(new KadResponse.GetValue(record, peers(50, 1)));

        assertThat(decode(message, new KadRequest.GetValue(KEY)))
                .isEqualTo(new KadResponse.GetValue(record, List.of()));
    }

    @Test
    void aPutRequestMayHaveTheLimitAndNotOneByteMore() throws Exception {
        // 2 for the type, 9 for the key, 3 around the record, 9 for its key, 3 for its value
        int largest = LIMIT - 26;

        assertThat(codec(LIMIT).encode(new KadRequest.PutValue(record(largest)), NOW))
                .hasSize(LIMIT);
        assertThatThrownBy(() -> codec(LIMIT).encode(new KadRequest.PutValue(record(largest + 1)), NOW))
                .isInstanceOfSatisfying(MessageTooLargeException.class, refused -> {
                    assertThat(refused.size()).isEqualTo(LIMIT + 1);
                    assertThat(refused.limit()).isEqualTo(LIMIT);
                    assertThat(refused)
                            .hasMessage("message of 1025 bytes exceeds the limit of 1024 (max-sent-message-bytes)");
                });
    }

    @Test
    void aRequestWithAKeyOverTheLimitIsRefused() {
        assertThatThrownBy(() -> codec(LIMIT).encode(new KadRequest.FindNode(Bytes.of(new byte[LIMIT])), NOW))
                .isInstanceOf(MessageTooLargeException.class);
    }

    @Test
    void anAnnouncementIsSentWithTheAddressesThatFit() throws Exception {
        KadCodec wide = new KadCodec(KademliaConfig.builder()
                .set(KademliaConfig.MAX_SENT_MESSAGE_BYTES, LIMIT)
                .set(KademliaConfig.MAX_ADDRESSES_PER_PEER, 256)
                .build());
        byte[] message = wide.encode(new KadRequest.AddProvider(KEY, peers(1, 200)), NOW);
        KadRequest.AddProvider sent = (KadRequest.AddProvider) wide.decodeRequest(ByteBuffer.wrap(message), NOW);

        assertThat(message).hasSizeBetween(LIMIT - 10, LIMIT);
        assertThat(sent.providers())
                .isEqualTo(peers(1, sent.providers().get(0).addresses().size()));
    }

    @Test
    void anAnnouncementInWhichNoProviderFitsIsRefused() {
        KadRequest request = new KadRequest.AddProvider(RecordKey.of(Bytes.of(new byte[LIMIT - 40])), peers(1, 1));

        assertThatThrownBy(() -> codec(LIMIT).encode(request, NOW)).isInstanceOf(MessageTooLargeException.class);
    }

    @Property
    void responsesNeverExceedTheLimitAndContainTheFirstPeers(
            @ForAll("peerLists") List<PeerInfo> closer,
            @ForAll("peerLists") List<PeerInfo> providers,
            @ForAll @IntRange(min = 1024, max = 8192) int limit)
            throws Exception {
        byte[] message = codec(limit).encode(new KadResponse.GetProviders(providers, closer), NOW);
        KadResponse.GetProviders sent = (KadResponse.GetProviders) decode(message, GET_PROVIDERS);

        assertThat(message).hasSizeLessThanOrEqualTo(limit);
        assertFirst(sent.closerPeers(), closer);
        assertFirst(sent.providers(), providers);
        byte[] whole = codec(1 << 20).encode(new KadResponse.GetProviders(providers, closer), NOW);
        if (whole.length <= limit) {
            assertThat(message).isEqualTo(whole);
        }
    }

    private static void assertFirst(List<PeerInfo> sent, List<PeerInfo> all) {
        for (int index = 0; index < sent.size(); index++) {
            PeerInfo peer = all.get(index);
            int addresses = sent.get(index).addresses().size();
            assertThat(addresses)
                    .isGreaterThanOrEqualTo(Math.min(1, peer.addresses().size()));
            assertThat(sent.get(index))
                    .isEqualTo(new PeerInfo(peer.id(), peer.addresses().subList(0, addresses), peer.connection()));
        }
    }

    @Provide
    Arbitrary<List<PeerInfo>> peerLists() {
        return TestMessages.peers().list().ofMaxSize(60);
    }
}

import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.id.*;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.util.concurrent.*;

public class ReviewedRecords {
    public static void main(String[] args) throws Exception {
        BlockingQueue<InboundRequest> unreviewed = new ArrayBlockingQueue<>(1000);
        StoreFilter filter = new StoreFilter() {
            @Override
            public Decision decideRecord(InboundRequest request, Record record) {
                return unreviewed.offer(request) ? Decision.TAKEN : Decision.REFUSE;
            }
        };
        try (Kademlia server = start(Kademlia.builder().storeFilter(filter));
                Kademlia client = start(Kademlia.builder().bootstrapPeers(addressOf(server)))) {
            Record record = Record.of(RecordKey.utf8("/app/greeting"), Bytes.utf8("hello"));
            client.putRecord(record, Quorum.one()).result().join();
            InboundRequest request = unreviewed.take(); // and now as much time as a review takes
            System.out.println(server.storeTaken(request).join() ? "stored" : "refused");
        }
    }

    static Kademlia start(KademliaBuilder builder) {
        Kademlia peer = builder.identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.of("/my-network/kad/1.0.0"))
                .build();
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        return peer;
    }

    static Multiaddr addressOf(Kademlia peer) {
        return peer.addresses().get(0).withPeerId(peer.peerId());
    }
}

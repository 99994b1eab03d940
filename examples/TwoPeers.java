import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.*;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;

public class TwoPeers {
    public static void main(String[] args) {
        try (Kademlia alice = start(); Kademlia bob = start()) {
            PeerInfo known = PeerInfo.of(alice.peerId(), alice.addresses());
            bob.addAddress(known.id(), known.addresses().get(0)).toCompletableFuture().join();
            RecordKey key = RecordKey.utf8("/app/greeting");
            bob.putRecord(Record.of(key, Bytes.utf8("hello")), Quorum.one()).result().join();
            var found = alice.getRecord(key, Quorum.one()).result().join();
            System.out.println(found.record().value().utf8().orElseThrow());
        }
    }

    static Kademlia start() {
        Kademlia peer = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.of("/my-network/kad/1.0.0"))
                .build();
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).toCompletableFuture().join();
        return peer;
    }
}

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.*;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;

public class TwoPeers {
    public static void main(String[] args) {
        try (Kademlia alice = start(); Kademlia bob = start(addressOf(alice))) {
            RecordKey key = RecordKey.utf8("/app/greeting");
            bob.putRecord(Record.of(key, Bytes.utf8("hello")), Quorum.one()).result().join();
            var found = alice.getRecord(key, Quorum.one()).result().join();
            System.out.println(found.record().value().utf8().orElseThrow());
        }
    }

    static Kademlia start(Multiaddr... bootstrapPeers) {
        Kademlia peer = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.of("/my-network/kad/1.0.0"))
                .bootstrapPeers(bootstrapPeers)
                .build();
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        return peer;
    }

    static Multiaddr addressOf(Kademlia peer) {
        return peer.addresses().get(0).withPeerId(peer.peerId());
    }
}

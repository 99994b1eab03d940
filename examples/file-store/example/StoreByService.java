package example;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.wire.key.Ed25519Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Peer whose record store is found by ServiceLoader; after a restart it still has its record. */
public class StoreByService {
    public static void main(String[] args) throws Exception {
        Ed25519Identity identity = Ed25519Identity.generate(new SecureRandom());
        Path directory = Files.createTempDirectory("example");
        RecordKey key = RecordKey.utf8("/app/greeting");
        try (Kademlia friend = start(Ed25519Identity.generate(new SecureRandom()), Files.createTempDirectory("friend"));
                Kademlia peer = start(identity, directory)) {
            peer.addAddress(friend.peerId(), friend.addresses().get(0)).join();
            peer.putRecord(Record.of(key, Bytes.utf8("kept")), Quorum.one()).result().join();
        }
        try (Kademlia restarted = start(identity, directory)) {
            System.out.println(restarted.recordStore().getClass().getSimpleName() + ": "
                    + restarted.recordStore().get(key).orElseThrow().value().utf8().orElseThrow());
        }
    }

    static Kademlia start(Ed25519Identity identity, Path directory) {
        Kademlia peer = Kademlia.builder()
                .identity(identity)
                .config(KademliaConfig.builder()
                        .set(KademliaConfig.PROTOCOL, "/my-network/kad/1.0.0")
                        .set(KademliaConfig.RECORD_STORE, "files")
                        .build())
                .dataDirectory(directory)
                .build();
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        return peer;
    }
}

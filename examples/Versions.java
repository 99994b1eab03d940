import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.*;
import io.kad.api.record.*;
import io.kad.api.record.Record;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.*;
import java.util.concurrent.CompletionException;

/** Records with a number of their version, of which the highest one wins whoever writes last. */
public class Versions {

    /** Values such as "2 final" under keys that begin with /version/. */
    static class HighestVersion implements RecordValidator {
        @Override
        public String namespace() {
            return "version";
        }

        @Override
        public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
            boolean isVersion = value.utf8().filter(text -> text.matches("[0-9]{1,9} .*")).isPresent();
            return isVersion ? Optional.empty() : Optional.of("expected a number and a text, such as '2 final'");
        }

        @Override
        public int select(RecordKey key, List<Bytes> values, Instant now) {
            List<Integer> versions = values.stream().map(HighestVersion::version).toList();
            return versions.indexOf(Collections.max(versions));
        }

        static int version(Bytes value) {
            return Integer.parseInt(value.utf8().orElseThrow().split(" ")[0]);
        }
    }

    public static void main(String[] args) {
        RecordKey key = RecordKey.utf8("/version/report");
        try (Kademlia alice = start(); Kademlia bob = start(addressOf(alice))) {
            put(bob, key, "2 final");
            put(bob, key, "1 draft");
            put(bob, key, "newest");
            var found = alice.getRecord(key, Quorum.one()).result().join();
            System.out.println(found.record().value().utf8().orElseThrow());
        }
    }

    static void put(Kademlia peer, RecordKey key, String value) {
        try {
            peer.putRecord(Record.of(key, Bytes.utf8(value)), Quorum.one()).result().join();
            System.out.println(value + ": stored");
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof KadException.Superseded) {
                System.out.println(value + ": a higher version is there");
            } else if (failed.getCause() instanceof KadException.InvalidRecord invalid) {
                System.out.println(value + ": " + invalid.getMessage());
            } else {
                throw failed;
            }
        }
    }

    static Kademlia start(Multiaddr... bootstrapPeers) {
        Kademlia peer = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.of("/my-network/kad/1.0.0"))
                .validator(new HighestVersion())
                .bootstrapPeers(bootstrapPeers)
                .build();
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        return peer;
    }

    static Multiaddr addressOf(Kademlia peer) {
        return peer.addresses().get(0).withPeerId(peer.peerId());
    }
}

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.core.micrometer.MicrometerMetrics;
import io.kad.wire.key.Ed25519Identity;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;

public class MeteredPeer {
    public static void main(String[] args) {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (Kademlia peer = start(registry)) {
            System.out.println(registry.get("kad.routing.table.peers").gauges().size() > 0);
        }
    }

    static Kademlia start(MeterRegistry registry) {
        return Kademlia.builder()
                .metrics(new MicrometerMetrics(registry, Tags.of("peer", "a")))
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.of("/my-network/kad/1.0.0"))
                .build();
    }
}

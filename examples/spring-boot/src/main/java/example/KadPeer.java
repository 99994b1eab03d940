package example;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.core.micrometer.MicrometerMetrics;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.IdentityFile;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.security.SecureRandom;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The peer as a bean, its health and its metrics. */
@Configuration(proxyBeanMethods = false)
class KadPeer {

    /** The metrics of the peer, in the registry of the application. */
    @Bean
    MicrometerMetrics kademliaMetrics(MeterRegistry registry) {
        return new MicrometerMetrics(registry, Tags.empty());
    }

    /** Spring closes the peer with the application, before its metrics. */
    @Bean(destroyMethod = "close")
    Kademlia kademlia(KadProperties properties, MicrometerMetrics metrics) throws IOException {
        KademliaConfig.Builder config = KademliaConfig.builder().protocol(properties.protocol());
        properties.options().forEach(config::set);
        Identity identity = properties.key() == null
                ? Ed25519Identity.generate(new SecureRandom())
                : IdentityFile.loadOrCreate(properties.key());
        Kademlia peer = Kademlia.builder()
                .identity(identity)
                .config(config.build())
                .metrics(metrics)
                .bootstrapPeers(properties.bootstrap().stream().map(Multiaddr::parse).toList())
                .build();
        try {
            properties.listen().forEach(address -> peer.listen(Multiaddr.parse(address)).join());
            return peer;
        } catch (RuntimeException cannotListen) {
            peer.close();
            throw cannotListen;
        }
    }

    /** Up if the peer listens where it should; a peer that knows nobody yet is up, as it may be the first one. */
    @Bean
    HealthIndicator kademliaHealthIndicator(Kademlia peer, KadProperties properties) {
        return () -> (properties.listen().isEmpty() || !peer.addresses().isEmpty() ? Health.up() : Health.down())
                .withDetail("peerId", peer.peerId().toString())
                .withDetail("addresses", peer.addresses().stream().map(Multiaddr::toString).toList())
                .withDetail("routingTable", peer.routingTable().entries().size())
                .build();
    }
}

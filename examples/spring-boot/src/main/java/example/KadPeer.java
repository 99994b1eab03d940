package example;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.IdentityFile;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.security.SecureRandom;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The peer as a bean, its health and its metrics. */
@Configuration(proxyBeanMethods = false)
class KadPeer {

    /** Spring closes the peer with the application. */
    @Bean(destroyMethod = "close")
    Kademlia kademlia(KadProperties properties) throws IOException {
        KademliaConfig.Builder config = KademliaConfig.builder().protocol(properties.protocol());
        properties.options().forEach(config::set);
        Identity identity = properties.key() == null
                ? Ed25519Identity.generate(new SecureRandom())
                : IdentityFile.loadOrCreate(properties.key());
        Kademlia peer = Kademlia.builder()
                .identity(identity)
                .config(config.build())
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

    @Bean
    MeterBinder kademliaMetrics(Kademlia peer) {
        return registry -> {
            Gauge.builder("kad.routing.peers", peer, kad -> kad.routingTable().entries().size())
                    .description("Peers in the routing table")
                    .register(registry);
            Gauge.builder("kad.connections", peer, kad -> kad.connections().size())
                    .description("Open connections")
                    .register(registry);
            Gauge.builder("kad.queries", peer, kad -> kad.queries().size())
                    .description("Running queries")
                    .register(registry);
            peer.transportCounters().keySet().forEach(name -> FunctionCounter.builder(
                            "kad.transport", peer, kad -> kad.transportCounters().getOrDefault(name, 0L))
                    .tag("limit", name)
                    .description("Times that a limit on remote peers took effect")
                    .register(registry));
        };
    }
}

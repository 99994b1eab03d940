package example;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the peer, such as {@code kad.protocol=/my-network/kad/1.0.0}.
 *
 * @param protocol protocol ID of the network; all its peers have the same one
 * @param listen addresses to listen on; none for a peer that only asks
 * @param bootstrap addresses of peers to join through, each ending in {@code /p2p/PEERID}
 * @param key private key file, created if missing; without one the peer has a new ID after each start
 * @param timeout the longest time that a web request waits for the network
 * @param options options of the DHT by name, such as {@code kad.options.bucket-size=20}
 */
@ConfigurationProperties("kad")
public record KadProperties(
        String protocol,
        @DefaultValue List<String> listen,
        @DefaultValue List<String> bootstrap,
        Path key,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue Map<String, String> options) {}

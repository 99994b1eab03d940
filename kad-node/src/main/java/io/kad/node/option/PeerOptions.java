package io.kad.node.option;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that make a peer what it is. */
public final class PeerOptions {

    private static final Set<String> OWN_OPTIONS = Set.of("listen", "bootstrap", "announce", "key", "data", "profile");
    private static final String KEY_FILE = "identity.key";

    @Option(names = "--bootstrap", paramLabel = "MULTIADDR", description = "A peer to join through; may be repeated.")
    private List<String> bootstrap = List.of();

    @Option(names = "--profile", paramLabel = "NAME", description = "The kind of network: private (the default).")
    private @Nullable String profile;

    @Option(
            names = "--protocol",
            paramLabel = "ID",
            description = "The name of the Kademlia protocol; /kad/1.0.0 by default.")
    private @Nullable String protocol;

    @Option(names = "--listen", paramLabel = "MULTIADDR", description = "Where to listen; may be repeated.")
    private List<String> listen = List.of();

    @Option(
            names = "--announce",
            paramLabel = "MULTIADDR",
            description = "An address by which others reach this peer; may be repeated.")
    private List<String> announce = List.of();

    @Option(names = "--key", paramLabel = "FILE", description = "The file of the private key; made on first use.")
    private @Nullable Path key;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where identity, records, providers and known peers are kept; in memory if not given.")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A file of name=value lines: these options and those of the DHT; the command line wins.")
    private @Nullable Path config;

    private @Nullable Properties read;

    /** Returns who the peer is: the key of the file, or a new one. */
    public Identity identity() {
        Path file = Stream.of(
                        Optional.ofNullable(key), path("key"), data().map(directory -> directory.resolve(KEY_FILE)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
        return file == null ? Ed25519Identity.generate(new SecureRandom()) : KeyFile.loadOrCreate(file);
    }

    /** Returns where things are kept; empty for in memory. */
    public Optional<Path> data() {
        return Optional.ofNullable(data).or(() -> path("data"));
    }

    private Optional<Path> path(String name) {
        return fromFile(name).findFirst().map(Path::of);
    }

    /** Returns the options of the stores; those of the stores that are not used are an error. */
    public Map<String, String> storeOptions() {
        String prefix = data().isPresent() ? "rocksdb." : "memory.";
        Map<String, String> options = new TreeMap<>();
        for (String name : file().stringPropertyNames()) {
            if (isStoreOption(name)) {
                if (!name.startsWith(prefix)) {
                    throw new UsageException("--config: " + name + " has no effect "
                            + (data().isPresent() ? "with" : "without") + " --data");
                }
                options.put(name, file().getProperty(name));
            }
        }
        return options;
    }

    private static boolean isStoreOption(String name) {
        return name.startsWith("rocksdb.") || name.startsWith("memory.");
    }

    /** Returns where to listen; {@code otherwise} if nothing is said. */
    public List<Multiaddr> listen(List<String> otherwise) {
        List<String> given = list(listen, "listen");
        return (given.isEmpty() ? otherwise : given)
                .stream().map(ArgumentParser::address).toList();
    }

    /** Returns the addresses by which others reach this peer, without the peer itself. */
    public Set<Multiaddr> announce() {
        return list(announce, "announce").stream()
                .map(ArgumentParser::address)
                .flatMap(address -> address.withoutPeerId().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the peers to join through. */
    public List<PeerInfo> bootstrap() {
        return list(bootstrap, "bootstrap").stream().map(ArgumentParser::peerAt).toList();
    }

    /** Returns the configuration of the DHT; {@code mode} is the mode of the command line, empty for none. */
    public KademliaConfig config(String mode) {
        String kind = profile == null ? fromFile("profile").findFirst().orElse("private") : profile;
        if (!kind.equals("private")) {
            throw new UsageException("--profile '" + kind + "' is not known: private is");
        }
        KademliaConfig.Builder builder = KademliaConfig.builder();
        file().stringPropertyNames().stream()
                .filter(name -> !OWN_OPTIONS.contains(name) && !isStoreOption(name))
                .sorted()
                .forEach(name -> builder.set(name, file().getProperty(name)));
        if (protocol != null) {
            builder.set(KademliaConfig.PROTOCOL, protocol);
        }
        if (!mode.isEmpty()) {
            builder.set(KademliaConfig.MODE, mode(mode));
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** Returns the mode that {@code text} names. */
    public static Mode mode(String text) {
        try {
            return Mode.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new UsageException("mode '" + text + "' is none: auto, server or client is", unknown);
        }
    }

    private List<String> list(List<String> given, String name) {
        return given.isEmpty() ? fromFile(name).toList() : given;
    }

    private Stream<String> fromFile(String name) {
        String value = file().getProperty(name);
        return value == null ? Stream.empty() : Arrays.stream(value.trim().split("[\\s,]+"));
    }

    private Properties file() {
        Properties properties = read;
        if (properties == null) {
            properties = new Properties();
            if (config != null) {
                try (Reader reader = Files.newBufferedReader(config)) {
                    properties.load(reader);
                } catch (IOException | IllegalArgumentException unreadable) {
                    throw new UsageException("--config " + config + " can't be read: " + unreadable, unreadable);
                }
            }
            read = properties;
        }
        return properties;
    }
}

package io.kad.node.option;

import io.kad.api.ConfigOption;
import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.TransportOptions;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.SpiProvider;
import io.kad.api.text.UnknownName;
import io.kad.store.memory.MemoryRecordStoreProvider;
import io.kad.store.rocksdb.RocksRecordStoreProvider;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.PrivateKeyIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a peer: its identity, network, addresses, data and configuration. */
public final class PeerOptions {

    private static final List<String> PROFILES = List.of("private");
    private static final List<String> SECURITIES = List.of("noise", "tls");
    private static final List<String> MODES = List.of("auto", "server", "client");
    /** Options of the command line that a file may contain, in addition to those of the DHT and of the stores. */
    private static final List<String> FILE_OPTIONS = List.of(
            "listen", "bootstrap", "announce", "key", "data", "profile", HttpOptions.ADDRESS, HttpOptions.TOKEN);

    private static final String KEY_FILE = "identity.key";

    @Option(
            names = "--bootstrap",
            paramLabel = "MULTIADDR",
            description = "Address of a peer to join through, ending in /p2p/PEERID; repeatable.")
    private List<String> bootstrap = List.of();

    @Option(names = "--profile", paramLabel = "NAME", description = "Kind of network: private. Default: private.")
    private @Nullable String profile;

    @Option(names = "--protocol", paramLabel = "ID", description = "Protocol ID of the DHT. Default: /kad/1.0.0.")
    private @Nullable String protocol;

    @Option(
            names = "--listen",
            paramLabel = "MULTIADDR",
            description = "Address to listen on; repeatable. Default: none; node: TCP and QUIC on port"
                    + " 4001 of all IPv4 and IPv6 addresses, such as /ip4/0.0.0.0/tcp/4001.")
    private List<String> listen = List.of();

    @Option(
            names = "--security",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "Security protocols of TCP connections, in order of preference: noise, tls. Default: noise,tls.")
    private List<String> security = List.of();

    @Option(
            names = "--resolver",
            paramLabel = "HOST:PORT",
            description = "DNS server for the names in addresses, an IP address with a port such as 192.0.2.53:53."
                    + " Default: the servers of the machine.")
    private @Nullable String resolver;

    @Option(
            names = "--ws-cert",
            paramLabel = "FILE",
            description = "Certificate in PEM, to listen on /tls/ws; --ws-key belongs to it. Default: none.")
    private @Nullable String webCertificate;

    @Option(
            names = "--ws-key",
            paramLabel = "FILE",
            description = "Private key in PEM of the certificate of --ws-cert. Default: none.")
    private @Nullable String webKey;

    @Option(
            names = "--psk",
            paramLabel = "FILE",
            description = "Pre-shared key of a private network, a swarm key as of go-libp2p: only peers with the same"
                    + " key connect, over TCP and WebSocket. Default: none.")
    private @Nullable String psk;

    @Option(
            names = "--announce",
            paramLabel = "MULTIADDR",
            description = "External address of this peer; repeatable. Default: none.")
    private List<String> announce = List.of();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Private key file; created if missing. Default: " + KEY_FILE
                    + " in the data directory, else a new key for each run.")
    void key(String file) {
        key = ArgumentParser.path("--key", file);
    }

    private @Nullable Path key;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory for identity, records, providers and known peers. Default: none (in memory).")
    void data(String directory) {
        data = ArgumentParser.path("--data", directory);
    }

    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "File with CLI and DHT options, one name=value a line; command-line options take precedence."
                    + " Default: none.")
    void configFile(String text) {
        config = ArgumentParser.path("--config", text);
    }

    private @Nullable Path config;

    private @Nullable ConfigFile read;

    /** Returns the identity of the peer: the key of the file, or a new one. */
    public Identity identity() {
        return named().or(() -> data().map(directory -> ArgumentParser.identity("--data", directory.resolve(KEY_FILE))))
                .orElseGet(PeerOptions::newIdentity);
    }

    /**
     * Returns the peer ID of a node with these options, whose key is only read; empty if it has no key yet, a new one for each run, or one in a data
     * directory of another user.
     */
    public Optional<PeerId> nodePeer() {
        Optional<Path> named = keyFile();
        Optional<PrivateKeyIdentity> key = named.isPresent()
                ? ArgumentParser.existingIdentity("--key", named.get())
                : data().map(directory -> directory.resolve(KEY_FILE))
                        .filter(Files::isReadable)
                        .flatMap(file -> ArgumentParser.existingIdentity("--data", file));
        return key.map(Identity::peerId);
    }

    /** Returns whether a connection may be secured by TLS. */
    public boolean offersTls() {
        String names = security.isEmpty()
                ? fileValue(TransportOptions.SECURITY.name()).orElse("tls")
                : String.join(",", security);
        return names.contains("tls");
    }

    /** Returns the warning about the file of the key, if other users may read or write it. */
    public Optional<String> keyWarning() {
        Optional<Path> named = keyFile();
        return named.isPresent()
                ? SharedFile.keyWarning("--key", named.get())
                : data().flatMap(directory -> SharedFile.keyWarning("--data", directory.resolve(KEY_FILE)));
    }

    /** Returns the file that {@code --key} names, if it does not exist. */
    public Optional<Path> missingKey() {
        return keyFile().filter(Files::notExists);
    }

    private Optional<Identity> named() {
        return keyFile().map(file -> ArgumentParser.identity("--key", file));
    }

    private Optional<Path> keyFile() {
        return Optional.ofNullable(key).or(() -> path("key"));
    }

    /** Returns a new identity. */
    public static Identity newIdentity() {
        return Ed25519Identity.generate(new SecureRandom());
    }

    /** Returns the data directory; empty for in memory. */
    public Optional<Path> data() {
        return Optional.ofNullable(data).or(() -> path("data"));
    }

    private Optional<Path> path(String name) {
        return fileValue(name).map(value -> ArgumentParser.path(filePosition(name), value));
    }

    /** Returns the value of an option in the file; empty if the file does not have it. */
    Optional<String> fileValue(String name) {
        return file().value(name);
    }

    /** Returns where an option, which the file has, stands. */
    String filePosition(String name) {
        return file().positionOf(name) + ": " + name;
    }

    /** Returns the options of the stores in use; an option of other stores is an error. */
    public Map<String, String> storeOptions() {
        boolean onDisk = data().isPresent();
        String prefix = onDisk ? "rocksdb." : "memory.";
        Map<String, String> options = new TreeMap<>();
        for (String name : file().names()) {
            if (isStoreOption(name)) {
                if (!name.startsWith(prefix)) {
                    throw new UsageException(file().positionOf(name) + ": " + name + " has no effect "
                            + (onDisk ? "with" : "without") + " --data; remove it, or use an option that begins with "
                            + prefix);
                }
                options.put(name, file().value(name).orElseThrow());
            }
        }
        return options;
    }

    private static boolean isStoreOption(String name) {
        return name.startsWith("rocksdb.") || name.startsWith("memory.");
    }

    /** Returns the addresses to listen on; {@code otherwise} if none is given. */
    public List<Multiaddr> listen(List<String> otherwise) {
        List<String> given = list(listen, "listen");
        return (given.isEmpty() ? otherwise : given)
                .stream()
                        .map(text -> ArgumentParser.address(source("listen", listen), text))
                        .toList();
    }

    /** Returns the external addresses of this peer, without the peer itself. */
    public Set<Multiaddr> announce() {
        return list(announce, "announce").stream()
                .map(text -> ArgumentParser.address(source("announce", announce), text))
                .flatMap(address -> address.withoutPeerId().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Fails if an address to listen on, or an external one, ends in the ID of another peer than {@code self}. */
    public void requireLocalAddresses(PeerId self) {
        // The file may be that of a node with a key of its own
        boolean isNamed = keyFile().isPresent() || data().isPresent();
        requireLocal("--listen", isNamed ? list(listen, "listen") : listen, self);
        requireLocal("--announce", isNamed ? list(announce, "announce") : announce, self);
    }

    private static void requireLocal(String name, List<String> addresses, PeerId self) {
        for (String text : addresses) {
            if (ArgumentParser.address(name, text)
                    .peerId()
                    .filter(peer -> !peer.equals(self))
                    .isPresent()) {
                throw UsageException.invalid(
                        name, text, "an address without /p2p/PEERID, or with that of this peer, " + self);
            }
        }
    }

    /** Returns the addresses on which a node listens unless it is told others. */
    public static List<String> defaultListen() {
        return DefaultListeners.ofThisMachine();
    }

    /** Returns the addresses on which this node listens unless it is told others: without QUIC in a private network. */
    public List<String> listenByDefault() {
        boolean isPrivate =
                psk != null || fileValue(TransportOptions.PSK.name()).isPresent();
        return defaultListen().stream()
                .filter(address -> !isPrivate || !address.endsWith("/quic-v1"))
                .toList();
    }

    /** Returns the peers to join through. */
    public List<PeerInfo> bootstrap() {
        return list(bootstrap, "bootstrap").stream()
                .map(text -> ArgumentParser.peerAt(source("bootstrap", bootstrap), text))
                .toList();
    }

    /** Returns the configuration of the DHT; {@code mode} is the mode of the command line, empty if it is not given. */
    public KademliaConfig config(String mode) {
        String kind = profile == null ? file().value("profile").orElse(PROFILES.get(0)) : profile;
        if (!PROFILES.contains(kind)) {
            String source = profile == null ? file().positionOf("profile") : "--profile";
            throw UsageException.unknown("profile", kind, source, PROFILES);
        }
        requireNotEmpty();
        KademliaConfig.Builder builder = KademliaConfig.builder();
        dhtOptions().forEach(builder::set);
        if (!mode.isEmpty()) {
            mode(mode);
        }
        requireSecurities();
        given(mode).forEach((name, value) -> {
            if (!value.isEmpty()) {
                builder.set(name, value);
            }
        });
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw ofFile(
                            dhtOptions(),
                            (name, value) ->
                                    KademliaConfig.builder().set(name, value).build(),
                            e)
                    .orElseGet(() -> new UsageException(String.valueOf(e.getMessage()), e));
        }
    }

    /** Check of a value, which throws {@link IllegalArgumentException} if it is refused. */
    private interface ValueCheck {

        void check(String name, String value);
    }

    /** Returns the refusal of the first of those options of the file whose value is {@code refused} by itself; it names the line. */
    private Optional<UsageException> ofFile(
            Map<String, String> options, ValueCheck check, IllegalArgumentException refused) {
        return file().names().stream()
                .filter(options::containsKey)
                .flatMap(name -> {
                    try {
                        check.check(name, String.valueOf(options.get(name)));
                        return Stream.empty();
                    } catch (IllegalArgumentException e) {
                        String problem = String.valueOf(e.getMessage());
                        // By itself it may also miss another option that goes with it
                        return String.valueOf(refused.getMessage()).contains(problem)
                                ? Stream.of(new UsageException(file().positionOf(name) + ": " + problem, e))
                                : Stream.empty();
                    }
                })
                .findFirst();
    }

    /** Refuses an empty value on the command line, which would otherwise be that of an option which is not given. */
    private void requireNotEmpty() {
        if (protocol != null && protocol.isEmpty()) {
            throw UsageException.invalid("--protocol", protocol, "a protocol ID such as /my-network/kad/1.0.0");
        } else if (resolver != null && resolver.isEmpty()) {
            throw UsageException.invalid("--resolver", resolver, "HOST:PORT such as 192.0.2.53:53");
        }
        var files = new TreeMap<String, String>();
        files.put("--ws-cert", webCertificate == null ? "none" : webCertificate);
        files.put("--ws-key", webKey == null ? "none" : webKey);
        files.put("--psk", psk == null ? "none" : psk);
        files.forEach((option, file) -> {
            var unused = ArgumentParser.path(option, file);
        });
    }

    /** Returns the options of the DHT on the command line, by name; the empty text for one that is not given. */
    private Map<String, String> given(String mode) {
        return Map.of(
                KademliaConfig.PROTOCOL.name(), text(protocol),
                KademliaConfig.MODE.name(), mode.toLowerCase(Locale.ROOT),
                TransportOptions.SECURITY.name(), String.join(",", security),
                TransportOptions.RESOLVER.name(), text(resolver),
                TransportOptions.WS_CERT.name(), text(webCertificate),
                TransportOptions.WS_KEY.name(), text(webKey),
                TransportOptions.PSK.name(), text(psk));
    }

    /** Checks the names of the security protocols on the command line. */
    private void requireSecurities() {
        for (String name : security) {
            if (!SECURITIES.contains(name.strip())) {
                throw UsageException.unknown("security protocol", name.strip(), "--security", SECURITIES);
            }
        }
    }

    /** Returns the options of the DHT in the file; an unknown name is an error. */
    private Map<String, String> dhtOptions() {
        List<String> known =
                KademliaConfig.options().stream().map(ConfigOption::name).toList();
        List<String> ofStores =
                file().names().stream().filter(PeerOptions::isStoreOption).toList();
        file().checkNames(Stream.of(FILE_OPTIONS, known, ofStores)
                .flatMap(List::stream)
                .toList());
        Map<String, String> options = new TreeMap<>();
        for (String name : known) {
            file().value(name).ifPresent(value -> options.put(name, value));
        }
        return options;
    }

    /**
     * Returns every option with its value and where that comes from; a value that is not allowed is an error.
     *
     * @param mode the mode of the command line, empty if it is not given
     */
    public List<EffectiveOption> effective(String mode) {
        KademliaConfig config = config(mode);
        listen(List.of());
        bootstrap();
        announce();
        List<EffectiveOption> all = new ArrayList<>();
        all.add(effective("profile", text(profile), PROFILES.get(0)));
        all.add(effective("listen", String.join(" ", listen), String.join(" ", listenByDefault())));
        all.add(effective("bootstrap", String.join(" ", bootstrap), ""));
        all.add(effective("announce", String.join(" ", announce), ""));
        all.add(effective("data", text(data), ""));
        all.add(effective(
                "key",
                text(key),
                data().map(directory -> directory.resolve(KEY_FILE).toString()).orElse("")));
        Map<String, String> given = given(mode);
        KademliaConfig.options().stream()
                .map(option -> effective(option.name(), given.getOrDefault(option.name(), ""), valueOf(option, config)))
                .sorted(Comparator.comparing(EffectiveOption::name))
                .forEach(all::add);
        effectiveStoreOptions().forEach((name, value) -> all.add(effective(name, "", value)));
        return all;
    }

    /** Returns every option of the stores in use, with its value; one that is unknown or not allowed is an error. */
    private Map<String, String> effectiveStoreOptions() {
        SpiProvider store = data().isPresent() ? new RocksRecordStoreProvider() : new MemoryRecordStoreProvider();
        try {
            return store.options(storeOptions());
        } catch (IllegalArgumentException e) {
            throw ofFile(
                            storeOptions(),
                            (name, value) -> {
                                var unused = store.options(Map.of(name, value));
                            },
                            e)
                    .orElseGet(() -> new UsageException(String.valueOf(e.getMessage()), e));
        }
    }

    /** Returns an option with its value: that of the command line, unless it is empty, that of the file, or {@code otherwise}. */
    EffectiveOption effective(String name, String given, String otherwise) {
        if (!given.isEmpty()) {
            return new EffectiveOption(name, given, EffectiveOption.COMMAND_LINE);
        }
        return file().value(name)
                .map(value -> new EffectiveOption(name, value, file().positionOf(name)))
                .orElseGet(() -> new EffectiveOption(name, otherwise, EffectiveOption.DEFAULT));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static <T> String valueOf(ConfigOption<T> option, KademliaConfig config) {
        return option.textOf(config.get(option));
    }

    /** Returns the mode that {@code text} names. */
    public static Mode mode(String text) {
        if (!MODES.contains(text.toLowerCase(Locale.ROOT))) {
            throw UsageException.invalid("mode", text, "auto, server or client" + UnknownName.suggestion(text, MODES));
        }
        return Mode.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Returns what a refusal calls an option of which {@code given} stands on the command line. */
    private String source(String name, List<String> given) {
        return given.isEmpty() && fileValue(name).isPresent() ? filePosition(name) : "--" + name;
    }

    private List<String> list(List<String> given, String name) {
        return given.isEmpty() ? file().values(name).toList() : given;
    }

    private ConfigFile file() {
        ConfigFile options = read;
        if (options == null) {
            options = config == null ? ConfigFile.EMPTY : ConfigFile.read(config);
            read = options;
        }
        return options;
    }
}

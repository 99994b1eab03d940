package io.kad.api;

import io.kad.api.text.UnknownName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a peer behaves: every option with its value; immutable.
 *
 * <p>Defaults are those of rust-libp2p's kad 0.49 for a private network, unless an option says otherwise.
 */
public final class KademliaConfig {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration YEAR = Duration.ofDays(366);

    /** The name of the stream protocol; peers of different names don't see each other. */
    public static final ConfigOption<String> PROTOCOL = ConfigOption.text(
            "protocol",
            "/kad/1.0.0",
            "a protocol id: a slash and up to 255 printable ASCII characters without blanks",
            KademliaConfig::isProtocolId);

    /** Whether to serve others; {@code server} by default, as private networks have no NAT to detect. */
    public static final ConfigOption<Mode> MODE = ConfigOption.choice("mode", Mode.SERVER);

    /** k: how many peers a record is stored at, and how many a lookup finds. Kademlia paper: 20. */
    public static final ConfigOption<Integer> K = ConfigOption.integer("k", 20, 1, 256);

    /** alpha: how many requests of a lookup run at once. Kademlia paper and rust: 3. */
    public static final ConfigOption<Integer> ALPHA = ConfigOption.integer("alpha", 3, 1, 64);

    /** beta: how many of the nearest peers must have answered by {@link LookupStrategy#BETA}. kad-dht specification: 3. */
    public static final ConfigOption<Integer> BETA = ConfigOption.integer("beta", 3, 1, 256);

    /** When a lookup ends, and whom it asks. */
    public static final ConfigOption<LookupStrategy> LOOKUP_STRATEGY =
            ConfigOption.choice("lookup-rule", LookupStrategy.SCOPED);

    /**
     * How many disjoint paths a lookup takes, each with alpha requests at once. With more than one it finds the closest peers of each
     * path, a record is stored at all of them, and a search for a record or for providers does not end early: hostile peers on
     * one path can't keep it from the others. S/Kademlia: 4 to 8; 1, the default, is none.
     */
    public static final ConfigOption<Integer> DISJOINT_PATHS = ConfigOption.integer("disjoint-paths", 1, 1, 16);

    /** How many peers a bucket holds; k by the paper. */
    public static final ConfigOption<Integer> BUCKET_SIZE = ConfigOption.integer("bucket-size", 20, 1, 4096);

    /** Who enters the routing table by itself. */
    public static final ConfigOption<BucketInserts> BUCKET_INSERTS =
            ConfigOption.choice("bucket-inserts", BucketInserts.ON_CONNECTED);

    /** How long a newcomer waits before it may replace a disconnected peer of a full bucket. rust: 60 s. */
    public static final ConfigOption<Duration> PENDING_TIMEOUT =
            ConfigOption.duration("pending-timeout", Duration.ofSeconds(60), MILLISECOND, YEAR);

    /** How long a query may take in all. rust: 60 s. */
    public static final ConfigOption<Duration> QUERY_TIMEOUT =
            ConfigOption.duration("query-timeout", Duration.ofSeconds(60), MILLISECOND, YEAR);

    /** How long one request may take, dialling included. rust: 10 s. */
    public static final ConfigOption<Duration> REQUEST_TIMEOUT =
            ConfigOption.duration("request-timeout", Duration.ofSeconds(10), MILLISECOND, Duration.ofMinutes(10));

    /**
     * The least that a request to a connected peer may take; between this and {@link #REQUEST_TIMEOUT} a peer is given as long as it
     * took before, with a margin. Ours: 2 s, which a pause of a busy machine may take.
     */
    public static final ConfigOption<Duration> MIN_REQUEST_TIMEOUT =
            ConfigOption.duration("min-request-timeout", Duration.ofSeconds(2), MILLISECOND, Duration.ofMinutes(10));

    /** How many queries may run at once; further ones are refused. Ours: 4096. */
    public static final ConfigOption<Integer> MAX_QUERIES = ConfigOption.integer("max-queries", 4096, 1, 1_000_000);

    /** How long a record lives that says nothing itself, and the longest that others' records live here. rust: 48 h. */
    public static final ConfigOption<Optional<Duration>> RECORD_TTL = ConfigOption.optionalDuration(
            "record-ttl", Duration.ofDays(2), Duration.ofSeconds(1), YEAR.multipliedBy(100));

    /** How long others' provider records live here. kad-dht specification: 48 h. */
    public static final ConfigOption<Optional<Duration>> PROVIDER_RECORD_TTL = ConfigOption.optionalDuration(
            "provider-record-ttl", Duration.ofDays(2), Duration.ofSeconds(1), YEAR.multipliedBy(100));

    /** The largest message accepted, in bytes. go and js: 4 MiB. */
    public static final ConfigOption<Integer> MAX_MESSAGE_BYTES =
            ConfigOption.integer("max-message-bytes", 4 << 20, 1024, 64 << 20);

    /** The largest message sent, in bytes; answers are trimmed to it. rust reads no more than 16 KiB. */
    public static final ConfigOption<Integer> MAX_SENT_MESSAGE_BYTES =
            ConfigOption.integer("max-sent-message-bytes", 16 * 1024, 1024, 64 << 20);

    /** Whether records are served, kept for others, and put and got here; without, such requests and calls are refused. */
    public static final ConfigOption<Boolean> VALUES = ConfigOption.flag("values", true);

    /** Whether providers are served, kept for others, and announced and found here; without, such requests and calls are refused. */
    public static final ConfigOption<Boolean> PROVIDERS = ConfigOption.flag("providers", true);

    /**
     * At how many peers that answered a get without a record, nearest first and however far from its key, the record found is stored
     * besides the k nearest that lack it, which are always sent it; 0 for none. Kademlia paper and rust: 1.
     */
    public static final ConfigOption<Integer> CACHE_PEERS = ConfigOption.integer("cache-peers", 1, 0, 256);

    /** How often own records are stored anew at the peers that are now closest; off for never. rust: 22 h. */
    public static final ConfigOption<Optional<Duration>> REPUBLISH_INTERVAL =
            ConfigOption.optionalDuration("republish-interval", Duration.ofHours(22), Duration.ofSeconds(1), YEAR);

    /** How often the records of others are stored at the peers that are now closest, unless somebody else did; off for never. rust: 1 h. */
    public static final ConfigOption<Optional<Duration>> REPLICATE_INTERVAL =
            ConfigOption.optionalDuration("replicate-interval", Duration.ofHours(1), Duration.ofSeconds(1), YEAR);

    /** How often this peer announces anew what it provides; off for never. rust: 12 h. */
    public static final ConfigOption<Optional<Duration>> REPROVIDE_INTERVAL =
            ConfigOption.optionalDuration("reprovide-interval", Duration.ofHours(12), Duration.ofSeconds(1), YEAR);

    /** How many queries of each kind of republication run at once. Ours: 8. */
    public static final ConfigOption<Integer> REPUBLISH_PARALLEL =
            ConfigOption.integer("republish-parallel", 8, 1, 256);

    /** How often expired records are removed from the stores, step by step; off for never, as for stores that do it themselves. Ours: 5 min. */
    public static final ConfigOption<Optional<Duration>> EXPIRY_SWEEP_INTERVAL =
            ConfigOption.optionalDuration("expiry-sweep-interval", Duration.ofMinutes(5), Duration.ofSeconds(1), YEAR);

    /** How many addresses are kept of one peer, and sent of it. Ours: 16. */
    public static final ConfigOption<Integer> MAX_ADDRESSES_PER_PEER =
            ConfigOption.integer("max-addresses-per-peer", 16, 1, 256);

    /** How often the routing table is refreshed; off for never. rust: 5 min. */
    public static final ConfigOption<Optional<Duration>> BOOTSTRAP_INTERVAL =
            ConfigOption.optionalDuration("bootstrap-interval", Duration.ofMinutes(5), Duration.ofSeconds(1), YEAR);

    /** How long the table must be quiet after a new peer before it is refreshed by itself; off for never. rust: 500 ms. */
    public static final ConfigOption<Optional<Duration>> BOOTSTRAP_DELAY = ConfigOption.optionalDuration(
            "bootstrap-delay", Duration.ofMillis(500), Duration.ZERO, Duration.ofHours(1));

    /** How long a connection without streams is kept. Ours: 60 s; rust: 10 s. */
    public static final ConfigOption<Duration> IDLE_CONNECTION_TIMEOUT =
            ConfigOption.duration("idle-connection-timeout", Duration.ofSeconds(60), MILLISECOND, YEAR);

    /** How many connections may be open at once. Ours: 600. */
    public static final ConfigOption<Integer> MAX_CONNECTIONS =
            ConfigOption.integer("max-connections", 600, 1, 1_000_000);

    /** The transport to use, by the name of its provider; empty for the one of highest priority. */
    public static final ConfigOption<String> TRANSPORT = providerName("transport");

    /** The record store to use, by the name of its provider; empty for the one of highest priority. */
    public static final ConfigOption<String> RECORD_STORE = providerName("record-store");

    /** The provider store to use, by the name of its provider; empty for the one of highest priority. */
    public static final ConfigOption<String> PROVIDER_STORE = providerName("provider-store");

    /** The peer snapshot store to use, by the name of its provider; empty for the one of highest priority, if there is one. */
    public static final ConfigOption<String> PEER_SNAPSHOT_STORE = providerName("peer-snapshot-store");

    /**
     * How long a change of the routing table waits at most until it is in the peer snapshot; a peer that has just begun saves sooner. Of
     * no effect without a peer snapshot store. Ours: 1 min.
     */
    public static final ConfigOption<Duration> PEER_SNAPSHOT_INTERVAL = ConfigOption.duration(
            "peer-snapshot-interval", Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofDays(1));

    private static final List<ConfigOption<?>> OPTIONS = List.of(
            PROTOCOL,
            MODE,
            K,
            ALPHA,
            BETA,
            LOOKUP_STRATEGY,
            DISJOINT_PATHS,
            BUCKET_SIZE,
            BUCKET_INSERTS,
            PENDING_TIMEOUT,
            QUERY_TIMEOUT,
            REQUEST_TIMEOUT,
            MIN_REQUEST_TIMEOUT,
            MAX_QUERIES,
            RECORD_TTL,
            PROVIDER_RECORD_TTL,
            VALUES,
            PROVIDERS,
            CACHE_PEERS,
            REPUBLISH_INTERVAL,
            REPLICATE_INTERVAL,
            REPROVIDE_INTERVAL,
            REPUBLISH_PARALLEL,
            EXPIRY_SWEEP_INTERVAL,
            MAX_MESSAGE_BYTES,
            MAX_SENT_MESSAGE_BYTES,
            MAX_ADDRESSES_PER_PEER,
            BOOTSTRAP_INTERVAL,
            BOOTSTRAP_DELAY,
            IDLE_CONNECTION_TIMEOUT,
            MAX_CONNECTIONS,
            TRANSPORT,
            RECORD_STORE,
            PROVIDER_STORE,
            PEER_SNAPSHOT_STORE,
            PEER_SNAPSHOT_INTERVAL);

    private final Map<ConfigOption<?>, Object> values;

    private KademliaConfig(Map<ConfigOption<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /** Returns the defaults of a private network that speaks {@code protocol}. */
    public static KademliaConfig of(String protocol) {
        return builder().set(PROTOCOL, protocol).build();
    }

    /** Returns a builder with every option at its default. */
    public static Builder builder() {
        return new Builder(Map.of());
    }

    /** Returns a builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** Returns every option there is. */
    public static List<ConfigOption<?>> options() {
        return OPTIONS;
    }

    /** Returns the value of {@code option}. */
    @SuppressWarnings("unchecked") // the builder pairs each option with values of its own type only
    public <T> T get(ConfigOption<T> option) {
        Object value = values.get(option);
        return value == null ? option.defaultValue() : (T) value;
    }

    /** Returns the options that differ from their defaults. */
    @Override
    public String toString() {
        return OPTIONS.stream()
                .filter(values::containsKey)
                .map(option -> option.name() + "=" + values.get(option))
                .collect(Collectors.joining(", ", "KademliaConfig[", "]"));
    }

    private static ConfigOption<String> providerName(String name) {
        return ConfigOption.text(name, "", "the name of a provider", value -> true);
    }

    private static boolean isProtocolId(String text) {
        return text.length() >= 2
                && text.length() <= 256
                && text.startsWith("/")
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** Collects values and checks them together. Not thread-safe. */
    public static final class Builder {

        private final Map<ConfigOption<?>, Object> values;
        private final List<String> problems = new ArrayList<>();

        private Builder(Map<ConfigOption<?>, Object> values) {
            this.values = new LinkedHashMap<>(values);
        }

        /** Sets {@code option}. */
        public <T> Builder set(ConfigOption<T> option, T value) {
            option.problem(value).ifPresent(problems::add);
            values.put(option, value);
            return this;
        }

        /** Sets the option called {@code name} to what {@code text} stands for, as in a configuration file. */
        public Builder set(String name, String text) {
            OPTIONS.stream()
                    .filter(option -> option.name().equals(name))
                    .findFirst()
                    .ifPresentOrElse(
                            option -> parseAndSet(option, text),
                            () -> problems.add(UnknownName.message(
                                    "option",
                                    name,
                                    OPTIONS.stream().map(ConfigOption::name).toList())));
            return this;
        }

        private <T> void parseAndSet(ConfigOption<T> option, String text) {
            try {
                set(option, option.parse(text));
            } catch (IllegalArgumentException unreadable) {
                problems.add(String.valueOf(unreadable.getMessage()));
            }
        }

        /** Returns the value that {@code option} has so far. */
        private <T> T current(ConfigOption<T> option) {
            return new KademliaConfig(values).get(option);
        }

        /**
         * Returns the configuration.
         *
         * @throws IllegalArgumentException naming everything that is wrong
         */
        public KademliaConfig build() {
            List<String> all = new ArrayList<>(problems);
            if (all.isEmpty() && current(MAX_SENT_MESSAGE_BYTES) > current(MAX_MESSAGE_BYTES)) {
                all.add(MAX_SENT_MESSAGE_BYTES.name() + " is larger than " + MAX_MESSAGE_BYTES.name());
            }
            if (!all.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", all));
            }
            return new KademliaConfig(values);
        }
    }
}

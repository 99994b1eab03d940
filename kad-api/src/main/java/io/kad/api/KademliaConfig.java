package io.kad.api;

import io.kad.api.text.UnknownName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Immutable configuration of a peer.
 *
 * <p>{@link #of} returns the defaults of a private network; a {@link #builder} changes single options, each by the method of its name or by
 * {@link Builder#set(ConfigOption, Object)}. Each option documents its unit, its range, the effect of a value that is too low or too high, and
 * the source of its default. The limits of connections are {@link TransportOptions}.
 *
 * <pre>{@code
 * KademliaConfig config = KademliaConfig.builder()
 *         .protocol("/my-network/kad/1.0.0")
 *         .requestTimeout(Duration.ofSeconds(5))
 *         .disable(KademliaConfig.REPLICATE_INTERVAL)
 *         .build();
 * }</pre>
 */
public final class KademliaConfig {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration YEAR = Duration.ofDays(366);

    /**
     * ID of the stream protocol: a slash and up to 255 printable ASCII characters. Peers with different IDs form separate networks, so a
     * private network should use an ID that no other network uses. Default: {@code /kad/1.0.0} (kad's choice).
     */
    public static final ConfigOption<String> PROTOCOL = ConfigOption.text(
            "protocol",
            "/kad/1.0.0",
            "a protocol ID: a slash and up to 255 printable ASCII characters without blanks",
            KademliaConfig::isProtocolId);

    /**
     * Mode of the peer: server, client or auto. A server that other peers can't dial makes their lookups wait for it; a client stores
     * nothing for other peers. Default: server (kad's choice, as private networks have no NAT to detect).
     */
    public static final ConfigOption<Mode> MODE = ConfigOption.choice("mode", Mode.SERVER);

    /**
     * Replication factor k: number of peers at which a record is stored, and that a lookup finds; 1 to 256. If too low, records are lost
     * when peers leave; if too high, each lookup and put sends more requests. {@link #BUCKET_SIZE} does not follow it. Default: 20
     * (Kademlia paper, rust-libp2p).
     */
    public static final ConfigOption<Integer> K = ConfigOption.integer("k", 20, 1, 256);

    /**
     * Parallelism alpha: number of requests that a path of a lookup has in flight; 1 to 64. If too low, lookups take longer and each
     * unresponsive peer delays them more; if too high, they send requests whose responses they don't need. Default: 3 (Kademlia paper,
     * rust-libp2p).
     */
    public static final ConfigOption<Integer> ALPHA = ConfigOption.integer("alpha", 3, 1, 64);

    /**
     * Number of closest peers that must have responded before {@link LookupStrategy#BETA} queries the rest of the k closest, and then ends; 1
     * to 256. No other strategy uses it. If too low, lookups miss some of the closest peers; if too high, they take
     * longer. Default: 3 (kad-dht specification, go-libp2p-kad-dht).
     */
    public static final ConfigOption<Integer> BETA = ConfigOption.integer("beta", 3, 1, 256);

    /** Strategy that selects the peers that a lookup queries, and ends it. Default: {@link LookupStrategy#SCOPED} (kad's choice). */
    public static final ConfigOption<LookupStrategy> LOOKUP_STRATEGY =
            ConfigOption.choice("lookup-strategy", LookupStrategy.SCOPED);

    /**
     * Number of disjoint paths of a lookup, each with alpha requests in flight; 1 to 16. With more than one path a lookup finds the closest
     * peers of each path, a record is stored at all of them, and a get of a record or of providers does not end early: adversarial
     * peers on one path can't hide it from the others. S/Kademlia (section 4.4) recommends 4 to 8. If too low, a few adversarial peers can
     * block a lookup; if too high, lookups cost a multiple of the requests. Default: 1 (disabled, rust-libp2p).
     */
    public static final ConfigOption<Integer> DISJOINT_PATHS = ConfigOption.integer("disjoint-paths", 1, 1, 16);

    /**
     * Number of peers in a bucket of the routing table; 1 to 4096. If too low, lookups take more hops and fail when the few known
     * peers leave; if too high, more peers are kept in memory. It should be at least {@link #K}. Default: 20 (Kademlia paper,
     * rust-libp2p).
     */
    public static final ConfigOption<Integer> BUCKET_SIZE = ConfigOption.integer("bucket-size", 20, 1, 4096);

    /** Peers that are inserted into the routing table automatically. Default: {@link BucketInserts#ON_CONNECTED} (rust-libp2p). */
    public static final ConfigOption<BucketInserts> BUCKET_INSERTS =
            ConfigOption.choice("bucket-inserts", BucketInserts.ON_CONNECTED);

    /**
     * Time that a pending peer waits before it replaces a disconnected peer of a full bucket; 1 ms to 366 days. If too low, a long-lived peer
     * is evicted after a short disconnect; if too high, dead peers stay in the table. Default: 60 s (rust-libp2p).
     */
    public static final ConfigOption<Duration> PENDING_TIMEOUT =
            ConfigOption.duration("pending-timeout", Duration.ofSeconds(60), MILLISECOND, YEAR);

    /**
     * Longest time of a query, or of one lookup of a bootstrap; 1 ms to 366 days. If too low, queries fail with
     * {@link KadException.QueryTimeout} although peers would respond; if too high, a query that can't succeed occupies
     * {@link #MAX_CONCURRENT_QUERIES} for longer. Default: 60 s (rust-libp2p).
     */
    public static final ConfigOption<Duration> QUERY_TIMEOUT =
            ConfigOption.duration("query-timeout", Duration.ofSeconds(60), MILLISECOND, YEAR);

    /**
     * Longest time of a bootstrap; 1 ms to 366 days. Each of its lookups has {@link #QUERY_TIMEOUT} besides. If too low, buckets that were not
     * reached stay as they are, and the bootstrap fails with {@link KadException.QueryTimeout}; if too high, a bootstrap that meets silent
     * peers puts off the next one for longer. Default: 6 min (kad's choice: the lookup of the local peer ID and four rounds of four
     * others, at 60 s each, and as much time again as one of them).
     */
    public static final ConfigOption<Duration> BOOTSTRAP_TIMEOUT =
            ConfigOption.duration("bootstrap-timeout", Duration.ofMinutes(6), MILLISECOND, YEAR);

    /**
     * Upper bound of the time of one request, dialing included; 1 ms to 10 min. If too low, requests to distant peers fail; if too high,
     * unresponsive peers delay the end of lookups. Default: 10 s (rust-libp2p).
     */
    public static final ConfigOption<Duration> REQUEST_TIMEOUT =
            ConfigOption.duration("request-timeout", Duration.ofSeconds(10), MILLISECOND, Duration.ofMinutes(10));

    /**
     * Lower bound of the adaptive request timeout (RFC 6298) of connected peers, whose upper bound is {@link #REQUEST_TIMEOUT}; 1 ms to
     * 10 min. If too low, a peer that pauses, such as for garbage collection, counts as failed; if too high, a peer that died is
     * noticed late. Default: 2 s (kad's choice, enough for a pause of a busy machine).
     */
    public static final ConfigOption<Duration> MIN_REQUEST_TIMEOUT =
            ConfigOption.duration("min-request-timeout", Duration.ofSeconds(2), MILLISECOND, Duration.ofMinutes(10));

    /**
     * Lower bound of the soft timeout, at which a request of a lookup releases its slot; 1 ms to 10 min. If too low, a pause of this peer
     * makes all requests late, and lookups send more of them; if too high, lookups in fast networks wait long for dead peers. Default:
     * 50 ms (kad's choice, enough for a pause of a busy machine).
     */
    public static final ConfigOption<Duration> MIN_SOFT_TIMEOUT =
            ConfigOption.duration("min-soft-timeout", Duration.ofMillis(50), MILLISECOND, Duration.ofMinutes(10));

    /**
     * Lower bound of the max wait, after which a lookup no longer waits for a silent peer; 1 ms to 10 min. If too low, a lost packet hides a peer; if
     * too high, lookups that meet dead peers finish late. Default: 250 ms (kad's choice, enough to send a lost packet again).
     */
    public static final ConfigOption<Duration> MIN_MAX_WAIT =
            ConfigOption.duration("min-max-wait", Duration.ofMillis(250), MILLISECOND, Duration.ofMinutes(10));

    /**
     * Number of queries of the user that may run concurrently; 1 to 1,000,000. Further ones fail with {@link KadException.Overloaded}. If
     * too low, bursts are refused; if too high, they take memory and slow each other down. Default: 4096 (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_CONCURRENT_QUERIES =
            ConfigOption.integer("max-concurrent-queries", 4096, 1, 1_000_000);

    /**
     * Time to live of records without an expiry, and upper bound of the time that received records are stored here; 1 s to 100 years, or off
     * to store each record until its expiry. If too low, records expire before their publisher republishes them; if too
     * high, records of publishers that left take up the stores. Default: 48 h (rust-libp2p).
     */
    public static final ConfigOption<Optional<Duration>> RECORD_TTL = ConfigOption.optionalDuration(
            "record-ttl", Duration.ofDays(2), Duration.ofSeconds(1), YEAR.multipliedBy(100));

    /**
     * Time that received provider records are stored here; 1 s to 100 years, or off to store them without expiry. If too low, providers
     * disappear before they reprovide; if too high, peers that left are still returned as providers. Default: 48 h (kad-dht specification,
     * rust-libp2p).
     */
    public static final ConfigOption<Optional<Duration>> PROVIDER_RECORD_TTL = ConfigOption.optionalDuration(
            "provider-record-ttl", Duration.ofDays(2), Duration.ofSeconds(1), YEAR.multipliedBy(100));

    /**
     * Size of the largest message that is accepted, in bytes; 1 KiB to 64 MiB. If too low, responses of peers with many addresses are
     * refused; if too high, a remote peer can make the local peer use more memory for each stream. Default: 4 MiB (go-libp2p-kad-dht, js-libp2p).
     */
    public static final ConfigOption<Integer> MAX_MESSAGE_BYTES =
            ConfigOption.integer("max-message-bytes", 4 << 20, 1024, 64 << 20);

    /**
     * Size of the largest message that is sent, in bytes; 1 KiB to 64 MiB and at most {@link #MAX_MESSAGE_BYTES}. Responses are trimmed to
     * it, and a put of a larger record is refused. If too low, responses contain fewer peers; if too high, rust-libp2p peers reset the
     * stream. Default: 16 KiB (the most that rust-libp2p reads).
     */
    public static final ConfigOption<Integer> MAX_SENT_MESSAGE_BYTES =
            ConfigOption.integer("max-sent-message-bytes", 16 * 1024, 1024, 64 << 20);

    /**
     * Flag that enables records: serving, storing, put and get; if false, such requests and calls are refused. Default: true
     * (rust-libp2p).
     */
    public static final ConfigOption<Boolean> VALUES_ENABLED = ConfigOption.flag("values-enabled", true);

    /**
     * Flag that enables provider records: serving, storing, providing and finding them; if false, such requests and calls are refused. Default:
     * true (rust-libp2p).
     */
    public static final ConfigOption<Boolean> PROVIDERS_ENABLED = ConfigOption.flag("providers-enabled", true);

    /**
     * Number of peers that cache a record after a get: the closest that responded without a record, however far from its key; 0 to 256. The
     * record is written to the k closest peers that lack it in any case. If too low, popular records are always fetched from the same peers; if
     * too high, each get writes to many peers. Default: 1 (Kademlia paper section 2.3, rust-libp2p).
     */
    public static final ConfigOption<Integer> MAX_CACHE_PEERS = ConfigOption.integer("max-cache-peers", 1, 0, 256);

    /**
     * Interval at which locally published records are stored again at the peers that are then closest; 1 s to 366 days, or off. It must be
     * shorter than {@link #RECORD_TTL}. If too low, it wastes requests; if too high or off, records get lost as peers leave, or
     * expire. Default: 22 h (rust-libp2p).
     */
    public static final ConfigOption<Optional<Duration>> REPUBLISH_INTERVAL =
            ConfigOption.optionalDuration("republish-interval", Duration.ofHours(22), Duration.ofSeconds(1), YEAR);

    /**
     * Interval at which received records are stored again at the peers that are then closest, unless another peer has done so; 1 s to 366
     * days, or off. If too low, it wastes requests; if too high or off, records get lost when all peers that store them leave between
     * two intervals. Default: 1 h (rust-libp2p).
     */
    public static final ConfigOption<Optional<Duration>> REPLICATE_INTERVAL =
            ConfigOption.optionalDuration("replicate-interval", Duration.ofHours(1), Duration.ofSeconds(1), YEAR);

    /**
     * Interval at which the provider records of the local peer are announced again; 1 s to 366 days, or off. It must be shorter than {@link
     * #PROVIDER_RECORD_TTL}. If too low, it wastes requests; if too high or off, the local peer is no longer found as a provider.
     * Default: 12 h (rust-libp2p).
     */
    public static final ConfigOption<Optional<Duration>> REPROVIDE_INTERVAL =
            ConfigOption.optionalDuration("reprovide-interval", Duration.ofHours(12), Duration.ofSeconds(1), YEAR);

    /**
     * Number of queries that each of republish, replicate and reprovide runs concurrently; 1 to 256. If too low, a peer with many records does
     * not finish within the interval; if too high, these queries delay the queries of users. Default: 8 (kad's choice).
     */
    public static final ConfigOption<Integer> REPUBLISH_PARALLELISM =
            ConfigOption.integer("republish-parallelism", 8, 1, 256);

    /**
     * Interval at which expired records are removed from the stores, step by step; 1 s to 366 days, or off for stores that remove them
     * automatically. If too low, it loads the store; if too high, expired records take up room. Default: 5 min (kad's choice).
     */
    public static final ConfigOption<Optional<Duration>> EXPIRY_SWEEP_INTERVAL =
            ConfigOption.optionalDuration("expiry-sweep-interval", Duration.ofMinutes(5), Duration.ofSeconds(1), YEAR);

    /**
     * Number of addresses that are stored and sent of one peer; 1 to 256. If too low, the address at which a peer is reachable may be
     * dropped; if too high, useless addresses fill memory and messages, and dials take longer. Default: 16 (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_ADDRESSES_PER_PEER =
            ConfigOption.integer("max-addresses-per-peer", 16, 1, 256);

    /**
     * Number of records, and of provider records, that the peers of one host (an IPv4 address, an IPv6 /56) make this peer store; 1 to
     * 1,000,000,000. Loopback addresses have no limit. If too low, a large publisher, or many peers behind one address, are refused; if too
     * high, one host fills the stores under any number of identities. One identity gets a quarter of it. It bounds the entries that are
     * remembered as stored and not expired: the last ones of two networks ({@link #MAX_ENTRIES_PER_NETWORK}), and 65,536 at least, at 165
     * bytes each of few peers and up to 930 bytes of a peer and network each. Default: 32,768 (kad's choice: half of the number that the stores in memory keep).
     */
    public static final ConfigOption<Integer> MAX_ENTRIES_PER_HOST =
            ConfigOption.integer("max-entries-per-host", 32_768, 1, 1_000_000_000);

    /**
     * Number of records, and of provider records, that the peers of one network (an IPv4 /24, an IPv6 /48) make this peer store; 1 to
     * 1,000,000,000. Loopback addresses have no limit. If too low, the peers of a company or a cloud are refused; if too high, one network
     * fills the stores. It bounds what {@link #MAX_ENTRIES_PER_HOST} does; hosts of more than two networks together are bounded by the stores.
     * Default: 65,536 (kad's choice: the stores in memory, as a private network is often one range).
     */
    public static final ConfigOption<Integer> MAX_ENTRIES_PER_NETWORK =
            ConfigOption.integer("max-entries-per-network", 65_536, 1, 1_000_000_000);

    /**
     * Bytes of the records, and as many of the provider records, that the peers of one host (an IPv4 address, an IPv6 /56) make this peer store,
     * with what a store in memory needs for the objects around them: 768 for a record, 880 for a provider record and 96 for each of its
     * addresses; 1 to 2^40, or 0 for seven eighths of what the store in use keeps: no limit for one that does not limit bytes, such as one on
     * disk. Loopback addresses have no limit. If too low, a large publisher, or many peers behind one address, are refused; if too high, one
     * host fills the stores with few large entries, and leaves nothing of the quota of its network. One identity gets three quarters of it. A
     * record that is larger or lasts longer than that of another peer that it replaces counts for its sender. Default: 0 (kad's choice: of
     * a store in memory 21 of 24 MiB, as much as 12,000 records of 1 KiB).
     */
    public static final ConfigOption<Long> MAX_ENTRY_BYTES_PER_HOST =
            ConfigOption.longInteger("max-entry-bytes-per-host", 0, 0, 1L << 40);

    /**
     * Bytes of the records, and as many of the provider records, that the peers of one network (an IPv4 /24, an IPv6 /48) make this peer store,
     * counted as for {@link #MAX_ENTRY_BYTES_PER_HOST}; 1 to 2^40, or 0 for what the store in use keeps: no limit for one that does not limit
     * bytes, such as one on disk. Loopback addresses have no limit. If too low, the peers of a company or a cloud are refused; if too high, one
     * network fills the stores. Default: 0 (kad's choice: of a store in memory 24 MiB, as a private network is often one range).
     */
    public static final ConfigOption<Long> MAX_ENTRY_BYTES_PER_NETWORK =
            ConfigOption.longInteger("max-entry-bytes-per-network", 0, 0, 1L << 40);

    /**
     * Interval at which the routing table is refreshed; 1 s to 366 days, or off. If too low, it wastes requests; if too high or off, dead
     * peers stay in the table and new ones are not found. Default: 5 min (rust-libp2p).
     */
    public static final ConfigOption<Optional<Duration>> BOOTSTRAP_INTERVAL =
            ConfigOption.optionalDuration("bootstrap-interval", Duration.ofMinutes(5), Duration.ofSeconds(1), YEAR);

    /**
     * Time without new peers after which a small routing table that got a new peer is refreshed automatically; 0 to 1 h, or off. If too
     * low, a peer that joins refreshes its table several times; if too high or off, it knows few peers for longer. Default: 500 ms
     * (rust-libp2p).
     */
    public static final ConfigOption<Optional<Duration>> BOOTSTRAP_THROTTLE = ConfigOption.optionalDuration(
            "bootstrap-throttle", Duration.ofMillis(500), Duration.ZERO, Duration.ofHours(1));

    /**
     * Time that a connection without streams stays open; 1 ms to 366 days. If too low, each request dials and secures a new connection; if
     * too high, connections that are no longer used occupy {@link #MAX_CONNECTIONS}. Default: 60 s (kad's choice; rust-libp2p: 10 s).
     */
    public static final ConfigOption<Duration> IDLE_CONNECTION_TIMEOUT =
            ConfigOption.duration("idle-connection-timeout", Duration.ofSeconds(60), MILLISECOND, YEAR);

    /**
     * Number of connections that may be open, inbound and outbound together; 1 to 1,000,000. If too low, dials fail and inbound connections
     * are closed; if too high, they take memory and file descriptors. Default: 600 (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_CONNECTIONS =
            ConfigOption.integer("max-connections", 600, 1, 1_000_000);

    /** Name of the transport provider to use; empty for the one with the highest priority. Default: empty (kad's choice). */
    public static final ConfigOption<String> TRANSPORT = providerName("transport");

    /** Name of the record store provider to use; empty for the one with the highest priority. Default: empty (kad's choice). */
    public static final ConfigOption<String> RECORD_STORE = providerName("record-store");

    /** Name of the provider store provider to use; empty for the one with the highest priority. Default: empty (kad's choice). */
    public static final ConfigOption<String> PROVIDER_STORE = providerName("provider-store");

    /**
     * Name of the peer snapshot store provider to use; empty for the one with the highest priority, if there is one. Default: empty (kad's
     * choice).
     */
    public static final ConfigOption<String> PEER_SNAPSHOT_STORE = providerName("peer-snapshot-store");

    /**
     * Longest time until a change of the routing table is saved in the peer snapshot; 1 s to 1 day. A peer that has just started saves
     * sooner. It has no effect without a peer snapshot store. If too low, it writes to the disk often; if too high, a peer that was
     * killed restarts with old peers. Default: 1 min (kad's choice).
     */
    public static final ConfigOption<Duration> PEER_SNAPSHOT_INTERVAL = ConfigOption.duration(
            "peer-snapshot-interval", Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofDays(1));

    private static final List<ConfigOption<?>> OPTIONS = concat(
            List.of(
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
                    BOOTSTRAP_TIMEOUT,
                    REQUEST_TIMEOUT,
                    MIN_REQUEST_TIMEOUT,
                    MIN_SOFT_TIMEOUT,
                    MIN_MAX_WAIT,
                    MAX_CONCURRENT_QUERIES,
                    RECORD_TTL,
                    PROVIDER_RECORD_TTL,
                    VALUES_ENABLED,
                    PROVIDERS_ENABLED,
                    MAX_CACHE_PEERS,
                    REPUBLISH_INTERVAL,
                    REPLICATE_INTERVAL,
                    REPROVIDE_INTERVAL,
                    REPUBLISH_PARALLELISM,
                    EXPIRY_SWEEP_INTERVAL,
                    MAX_MESSAGE_BYTES,
                    MAX_SENT_MESSAGE_BYTES,
                    MAX_ADDRESSES_PER_PEER,
                    MAX_ENTRIES_PER_HOST,
                    MAX_ENTRIES_PER_NETWORK,
                    MAX_ENTRY_BYTES_PER_HOST,
                    MAX_ENTRY_BYTES_PER_NETWORK,
                    BOOTSTRAP_INTERVAL,
                    BOOTSTRAP_THROTTLE,
                    IDLE_CONNECTION_TIMEOUT,
                    MAX_CONNECTIONS,
                    TRANSPORT,
                    RECORD_STORE,
                    PROVIDER_STORE,
                    PEER_SNAPSHOT_STORE,
                    PEER_SNAPSHOT_INTERVAL),
            TransportOptions.ALL);

    private final Map<ConfigOption<?>, Object> values;

    private KademliaConfig(Map<ConfigOption<?>, Object> values) {
        this.values = Map.copyOf(values);
    }

    /** Returns the defaults of a private network whose peers speak {@code protocol}. */
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

    /** Returns all options. */
    public static List<ConfigOption<?>> options() {
        return OPTIONS;
    }

    /** Returns the value of {@code option}, which is its default if it was not set. */
    @SuppressWarnings("unchecked") // the builder pairs each option with values of its own type only
    public <T> T get(ConfigOption<T> option) {
        Object value = values.get(option);
        return value == null ? option.defaultValue() : (T) value;
    }

    /** Returns the options that were set, with their values. */
    @Override
    public String toString() {
        return OPTIONS.stream()
                .filter(values::containsKey)
                .map(option -> option.name() + "=" + values.get(option))
                .collect(Collectors.joining(", ", "KademliaConfig[", "]"));
    }

    private static List<ConfigOption<?>> concat(List<ConfigOption<?>> first, List<ConfigOption<?>> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
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

    /**
     * Builder of a configuration, with a method for each option. It checks all values together. Not thread-safe.
     *
     * @see KademliaConfig#builder()
     */
    public static final class Builder extends OptionSetters {

        private final Map<ConfigOption<?>, Object> values;
        private final List<String> problems = new ArrayList<>();

        private Builder(Map<ConfigOption<?>, Object> values) {
            this.values = new LinkedHashMap<>(values);
        }

        /** Sets {@code option}; {@link #build} reports a value out of range. */
        @Override
        public <T> Builder set(ConfigOption<T> option, T value) {
            option.problem(value).ifPresent(problems::add);
            values.put(option, value);
            return this;
        }

        /** Sets the option called {@code name} to the value of {@code text}, as in a configuration file; {@link #build} reports errors. */
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
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }

        /** Returns the current value of {@code option}. */
        private <T> T current(ConfigOption<T> option) {
            return new KademliaConfig(values).get(option);
        }

        /**
         * Returns the configuration.
         *
         * @throws IllegalArgumentException that names every invalid value
         */
        public KademliaConfig build() {
            List<String> all = new ArrayList<>(problems);
            if (all.isEmpty()) {
                requireOrder(MAX_SENT_MESSAGE_BYTES, MAX_MESSAGE_BYTES, all);
                // The default of the low mark is none above a high one that was set
                if (values.containsKey(TransportOptions.CONNECTION_LOW_WATER_PERCENT)) {
                    requireOrder(
                            TransportOptions.CONNECTION_LOW_WATER_PERCENT,
                            TransportOptions.CONNECTION_HIGH_WATER_PERCENT,
                            all);
                }
            }
            if (!all.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", all));
            }
            return new KademliaConfig(values);
        }

        private void requireOrder(ConfigOption<Integer> low, ConfigOption<Integer> high, List<String> all) {
            if (current(low) > current(high)) {
                all.add(setting(low) + " must not exceed " + setting(high));
            }
        }

        private String setting(ConfigOption<?> option) {
            return option.name() + " (" + current(option) + ")";
        }
    }
}

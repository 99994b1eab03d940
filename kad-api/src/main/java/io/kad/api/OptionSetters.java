package io.kad.api;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Setters for each option of {@link KademliaConfig}; the Javadoc of the option gives unit, range and default. */
abstract sealed class OptionSetters permits KademliaConfig.Builder {

    /** Sets {@code option}. */
    abstract <T> KademliaConfig.Builder set(ConfigOption<T> option, T value);

    /** Disables an option of a duration: work at an interval is not done, and a time to live has no limit. */
    public KademliaConfig.Builder disable(ConfigOption<Optional<Duration>> option) {
        return set(option, Optional.empty());
    }

    /** Sets the ID of the stream protocol, {@link KademliaConfig#PROTOCOL}. */
    public KademliaConfig.Builder protocol(String protocol) {
        return set(KademliaConfig.PROTOCOL, protocol);
    }

    /** Sets the mode of the peer, {@link KademliaConfig#MODE}. */
    public KademliaConfig.Builder mode(Mode mode) {
        return set(KademliaConfig.MODE, mode);
    }

    /** Sets the replication factor, {@link KademliaConfig#K}. */
    public KademliaConfig.Builder k(int k) {
        return set(KademliaConfig.K, k);
    }

    /** Sets the parallelism of a lookup, {@link KademliaConfig#ALPHA}. */
    public KademliaConfig.Builder alpha(int alpha) {
        return set(KademliaConfig.ALPHA, alpha);
    }

    /** Sets the number of closest peers that must respond with {@link LookupStrategy#BETA}, {@link KademliaConfig#BETA}. */
    public KademliaConfig.Builder beta(int beta) {
        return set(KademliaConfig.BETA, beta);
    }

    /** Sets the strategy of lookups, {@link KademliaConfig#LOOKUP_STRATEGY}. */
    public KademliaConfig.Builder lookupStrategy(LookupStrategy strategy) {
        return set(KademliaConfig.LOOKUP_STRATEGY, strategy);
    }

    /** Sets the number of disjoint paths of a lookup, {@link KademliaConfig#DISJOINT_PATHS}. */
    public KademliaConfig.Builder disjointPaths(int paths) {
        return set(KademliaConfig.DISJOINT_PATHS, paths);
    }

    /** Sets the size of a bucket of the routing table, {@link KademliaConfig#BUCKET_SIZE}. */
    public KademliaConfig.Builder bucketSize(int peers) {
        return set(KademliaConfig.BUCKET_SIZE, peers);
    }

    /** Sets the peers that are inserted automatically, {@link KademliaConfig#BUCKET_INSERTS}. */
    public KademliaConfig.Builder bucketInserts(BucketInserts inserts) {
        return set(KademliaConfig.BUCKET_INSERTS, inserts);
    }

    /** Sets the time that a pending peer waits for a full bucket, {@link KademliaConfig#PENDING_TIMEOUT}. */
    public KademliaConfig.Builder pendingTimeout(Duration timeout) {
        return set(KademliaConfig.PENDING_TIMEOUT, timeout);
    }

    /** Sets the longest time of a query, {@link KademliaConfig#QUERY_TIMEOUT}. */
    public KademliaConfig.Builder queryTimeout(Duration timeout) {
        return set(KademliaConfig.QUERY_TIMEOUT, timeout);
    }

    /** Sets the longest time of a bootstrap, {@link KademliaConfig#BOOTSTRAP_TIMEOUT}. */
    public KademliaConfig.Builder bootstrapTimeout(Duration timeout) {
        return set(KademliaConfig.BOOTSTRAP_TIMEOUT, timeout);
    }

    /** Sets the longest time of a request, {@link KademliaConfig#REQUEST_TIMEOUT}. */
    public KademliaConfig.Builder requestTimeout(Duration timeout) {
        return set(KademliaConfig.REQUEST_TIMEOUT, timeout);
    }

    /** Sets the lower bound of the adaptive request timeout, {@link KademliaConfig#MIN_REQUEST_TIMEOUT}. */
    public KademliaConfig.Builder minRequestTimeout(Duration timeout) {
        return set(KademliaConfig.MIN_REQUEST_TIMEOUT, timeout);
    }

    /** Sets the lower bound of the soft timeout of lookups, {@link KademliaConfig#MIN_SOFT_TIMEOUT}. */
    public KademliaConfig.Builder minSoftTimeout(Duration timeout) {
        return set(KademliaConfig.MIN_SOFT_TIMEOUT, timeout);
    }

    /** Sets the lower bound of the max wait of lookups, {@link KademliaConfig#MIN_MAX_WAIT}. */
    public KademliaConfig.Builder minMaxWait(Duration wait) {
        return set(KademliaConfig.MIN_MAX_WAIT, wait);
    }

    /** Sets the number of queries that may run concurrently, {@link KademliaConfig#MAX_CONCURRENT_QUERIES}. */
    public KademliaConfig.Builder maxConcurrentQueries(int queries) {
        return set(KademliaConfig.MAX_CONCURRENT_QUERIES, queries);
    }

    /** Sets the time to live of records, {@link KademliaConfig#RECORD_TTL}. */
    public KademliaConfig.Builder recordTtl(Duration ttl) {
        return set(KademliaConfig.RECORD_TTL, Optional.of(ttl));
    }

    /** Sets the time to live of provider records, {@link KademliaConfig#PROVIDER_RECORD_TTL}. */
    public KademliaConfig.Builder providerRecordTtl(Duration ttl) {
        return set(KademliaConfig.PROVIDER_RECORD_TTL, Optional.of(ttl));
    }

    /** Sets the flag that enables records, {@link KademliaConfig#VALUES_ENABLED}. */
    public KademliaConfig.Builder valuesEnabled(boolean enabled) {
        return set(KademliaConfig.VALUES_ENABLED, enabled);
    }

    /** Sets the flag that enables providers, {@link KademliaConfig#PROVIDERS_ENABLED}. */
    public KademliaConfig.Builder providersEnabled(boolean enabled) {
        return set(KademliaConfig.PROVIDERS_ENABLED, enabled);
    }

    /** Sets the number of peers that cache a record after a get, {@link KademliaConfig#MAX_CACHE_PEERS}. */
    public KademliaConfig.Builder maxCachePeers(int peers) {
        return set(KademliaConfig.MAX_CACHE_PEERS, peers);
    }

    /** Sets the interval at which published records are stored again, {@link KademliaConfig#REPUBLISH_INTERVAL}. */
    public KademliaConfig.Builder republishInterval(Duration interval) {
        return set(KademliaConfig.REPUBLISH_INTERVAL, Optional.of(interval));
    }

    /** Sets the interval at which received records are stored again, {@link KademliaConfig#REPLICATE_INTERVAL}. */
    public KademliaConfig.Builder replicateInterval(Duration interval) {
        return set(KademliaConfig.REPLICATE_INTERVAL, Optional.of(interval));
    }

    /** Sets the interval at which provider records are announced again, {@link KademliaConfig#REPROVIDE_INTERVAL}. */
    public KademliaConfig.Builder reprovideInterval(Duration interval) {
        return set(KademliaConfig.REPROVIDE_INTERVAL, Optional.of(interval));
    }

    /** Sets the number of concurrent queries of each of republish, replicate and reprovide, {@link KademliaConfig#REPUBLISH_PARALLELISM}. */
    public KademliaConfig.Builder republishParallelism(int queries) {
        return set(KademliaConfig.REPUBLISH_PARALLELISM, queries);
    }

    /** Sets the interval at which expired records are removed, {@link KademliaConfig#EXPIRY_SWEEP_INTERVAL}. */
    public KademliaConfig.Builder expirySweepInterval(Duration interval) {
        return set(KademliaConfig.EXPIRY_SWEEP_INTERVAL, Optional.of(interval));
    }

    /** Sets the size of the largest message that is accepted, {@link KademliaConfig#MAX_MESSAGE_BYTES}. */
    public KademliaConfig.Builder maxMessageBytes(int bytes) {
        return set(KademliaConfig.MAX_MESSAGE_BYTES, bytes);
    }

    /** Sets the size of the largest message that is sent, {@link KademliaConfig#MAX_SENT_MESSAGE_BYTES}. */
    public KademliaConfig.Builder maxSentMessageBytes(int bytes) {
        return set(KademliaConfig.MAX_SENT_MESSAGE_BYTES, bytes);
    }

    /** Sets the number of addresses of one peer, {@link KademliaConfig#MAX_ADDRESSES_PER_PEER}. */
    public KademliaConfig.Builder maxAddressesPerPeer(int addresses) {
        return set(KademliaConfig.MAX_ADDRESSES_PER_PEER, addresses);
    }

    /** Sets the number of entries that one host makes this peer store, {@link KademliaConfig#MAX_ENTRIES_PER_HOST}. */
    public KademliaConfig.Builder maxEntriesPerHost(int entries) {
        return set(KademliaConfig.MAX_ENTRIES_PER_HOST, entries);
    }

    /** Sets the number of entries that one network makes this peer store, {@link KademliaConfig#MAX_ENTRIES_PER_NETWORK}. */
    public KademliaConfig.Builder maxEntriesPerNetwork(int entries) {
        return set(KademliaConfig.MAX_ENTRIES_PER_NETWORK, entries);
    }

    /** Sets the bytes of the entries that one host makes this peer store, {@link KademliaConfig#MAX_ENTRY_BYTES_PER_HOST}. */
    public KademliaConfig.Builder maxEntryBytesPerHost(long bytes) {
        return set(KademliaConfig.MAX_ENTRY_BYTES_PER_HOST, bytes);
    }

    /** Sets the bytes of the entries that one network makes this peer store, {@link KademliaConfig#MAX_ENTRY_BYTES_PER_NETWORK}. */
    public KademliaConfig.Builder maxEntryBytesPerNetwork(long bytes) {
        return set(KademliaConfig.MAX_ENTRY_BYTES_PER_NETWORK, bytes);
    }

    /** Sets the interval at which the routing table is refreshed, {@link KademliaConfig#BOOTSTRAP_INTERVAL}. */
    public KademliaConfig.Builder bootstrapInterval(Duration interval) {
        return set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.of(interval));
    }

    /** Sets the time without new peers before a small routing table is refreshed, {@link KademliaConfig#BOOTSTRAP_THROTTLE}. */
    public KademliaConfig.Builder bootstrapThrottle(Duration delay) {
        return set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.of(delay));
    }

    /** Sets the time that a connection without streams stays open, {@link KademliaConfig#IDLE_CONNECTION_TIMEOUT}. */
    public KademliaConfig.Builder idleConnectionTimeout(Duration timeout) {
        return set(KademliaConfig.IDLE_CONNECTION_TIMEOUT, timeout);
    }

    /** Sets the number of connections that may be open, {@link KademliaConfig#MAX_CONNECTIONS}. */
    public KademliaConfig.Builder maxConnections(int connections) {
        return set(KademliaConfig.MAX_CONNECTIONS, connections);
    }

    /** Sets the inbound connections that one host may have open, {@link TransportOptions#MAX_CONNECTIONS_PER_HOST}. */
    public KademliaConfig.Builder maxConnectionsPerHost(int connections) {
        return set(TransportOptions.MAX_CONNECTIONS_PER_HOST, connections);
    }

    /** Sets the inbound connections that one network may have open, {@link TransportOptions#MAX_CONNECTIONS_PER_NETWORK}. */
    public KademliaConfig.Builder maxConnectionsPerNetwork(int connections) {
        return set(TransportOptions.MAX_CONNECTIONS_PER_NETWORK, connections);
    }

    /** Sets the part of the connections that is for inbound ones, {@link TransportOptions#INBOUND_CONNECTIONS_PERCENT}. */
    public KademliaConfig.Builder inboundConnectionsPercent(int percent) {
        return set(TransportOptions.INBOUND_CONNECTIONS_PERCENT, percent);
    }

    /** Sets the part of the connections of a direction at which idle ones are closed, {@link TransportOptions#CONNECTION_HIGH_WATER_PERCENT}. */
    public KademliaConfig.Builder connectionHighWaterPercent(int percent) {
        return set(TransportOptions.CONNECTION_HIGH_WATER_PERCENT, percent);
    }

    /**
     * Sets the part of the connections of a direction that is left when idle ones are closed,
     * {@link TransportOptions#CONNECTION_LOW_WATER_PERCENT}.
     */
    public KademliaConfig.Builder connectionLowWaterPercent(int percent) {
        return set(TransportOptions.CONNECTION_LOW_WATER_PERCENT, percent);
    }

    /** Sets the time for which a new or used connection is not closed to make room, {@link TransportOptions#CONNECTION_GRACE_PERIOD}. */
    public KademliaConfig.Builder connectionGracePeriod(Duration period) {
        return set(TransportOptions.CONNECTION_GRACE_PERIOD, period);
    }

    /** Sets the inbound connections that one host may open in a minute, {@link TransportOptions#MAX_ACCEPTS_PER_MINUTE}. */
    public KademliaConfig.Builder maxAcceptsPerMinute(int connections) {
        return set(TransportOptions.MAX_ACCEPTS_PER_MINUTE, connections);
    }

    /** Sets the inbound connections that may be in their upgrade, {@link TransportOptions#MAX_PENDING_UPGRADES}. */
    public KademliaConfig.Builder maxPendingUpgrades(int connections) {
        return set(TransportOptions.MAX_PENDING_UPGRADES, connections);
    }

    /** Sets the time of an upgrade, {@link TransportOptions#UPGRADE_TIMEOUT}. */
    public KademliaConfig.Builder upgradeTimeout(Duration timeout) {
        return set(TransportOptions.UPGRADE_TIMEOUT, timeout);
    }

    /** Sets the time of the negotiation of a protocol on a stream, {@link TransportOptions#NEGOTIATION_TIMEOUT}. */
    public KademliaConfig.Builder negotiationTimeout(Duration timeout) {
        return set(TransportOptions.NEGOTIATION_TIMEOUT, timeout);
    }

    /** Sets the inbound streams that a connection may have open, {@link TransportOptions#MAX_INBOUND_STREAMS}. */
    public KademliaConfig.Builder maxInboundStreams(int streams) {
        return set(TransportOptions.MAX_INBOUND_STREAMS, streams);
    }

    /** Sets the inbound streams of the Kademlia protocol that a connection may have open, {@link TransportOptions#MAX_KAD_STREAMS}. */
    public KademliaConfig.Builder maxKadStreams(int streams) {
        return set(TransportOptions.MAX_KAD_STREAMS, streams);
    }

    /** Sets the inbound streams of a connection that may be refused or reset in a minute, {@link TransportOptions#MAX_STREAM_RESETS_PER_MINUTE}. */
    public KademliaConfig.Builder maxStreamResetsPerMinute(int resets) {
        return set(TransportOptions.MAX_STREAM_RESETS_PER_MINUTE, resets);
    }

    /** Sets the control frames of a connection that may wait to be sent, {@link TransportOptions#MAX_CONTROL_FRAMES}. */
    public KademliaConfig.Builder maxControlFrames(int frames) {
        return set(TransportOptions.MAX_CONTROL_FRAMES, frames);
    }

    /** Sets the time after which an inbound stream that waits is reset, {@link TransportOptions#STREAM_IDLE_TIMEOUT}. */
    public KademliaConfig.Builder streamIdleTimeout(Duration timeout) {
        return set(TransportOptions.STREAM_IDLE_TIMEOUT, timeout);
    }

    /** Sets the idle streams that a connection keeps for further requests, {@link TransportOptions#STREAM_POOL_SIZE}. */
    public KademliaConfig.Builder streamPoolSize(int streams) {
        return set(TransportOptions.STREAM_POOL_SIZE, streams);
    }

    /** Sets the time after which such a stream is ended, {@link TransportOptions#STREAM_POOL_TIMEOUT}. */
    public KademliaConfig.Builder streamPoolTimeout(Duration timeout) {
        return set(TransportOptions.STREAM_POOL_TIMEOUT, timeout);
    }

    /** Sets the requests that one peer may send in a minute, {@link TransportOptions#MAX_REQUESTS_PER_MINUTE}. */
    public KademliaConfig.Builder maxRequestsPerMinute(int requests) {
        return set(TransportOptions.MAX_REQUESTS_PER_MINUTE, requests);
    }

    /** Sets the records that one peer may store in a minute, {@link TransportOptions#MAX_STORED_RECORDS_PER_MINUTE}. */
    public KademliaConfig.Builder maxStoredRecordsPerMinute(int records) {
        return set(TransportOptions.MAX_STORED_RECORDS_PER_MINUTE, records);
    }

    /** Sets the provider records that one peer may store in a minute, {@link TransportOptions#MAX_STORED_PROVIDERS_PER_MINUTE}. */
    public KademliaConfig.Builder maxStoredProvidersPerMinute(int providers) {
        return set(TransportOptions.MAX_STORED_PROVIDERS_PER_MINUTE, providers);
    }

    /** Sets the identify pushes of a peer that are read in a minute, {@link TransportOptions#MAX_PUSHES_PER_MINUTE}. */
    public KademliaConfig.Builder maxPushesPerMinute(int pushes) {
        return set(TransportOptions.MAX_PUSHES_PER_MINUTE, pushes);
    }

    /** Sets the bytes that may wait to be sent on one connection, {@link TransportOptions#MAX_CONNECTION_SEND_BYTES}. */
    public KademliaConfig.Builder maxConnectionSendBytes(int bytes) {
        return set(TransportOptions.MAX_CONNECTION_SEND_BYTES, bytes);
    }

    /** Sets the bytes that may wait to be sent on all connections, {@link TransportOptions#MAX_SEND_BYTES}. */
    public KademliaConfig.Builder maxSendBytes(int bytes) {
        return set(TransportOptions.MAX_SEND_BYTES, bytes);
    }

    /** Sets the time without progress after which a connection with unsent bytes is closed, {@link TransportOptions#WRITE_TIMEOUT}. */
    public KademliaConfig.Builder writeTimeout(Duration timeout) {
        return set(TransportOptions.WRITE_TIMEOUT, timeout);
    }

    /** Sets the received bytes of one connection that may wait, {@link TransportOptions#MAX_CONNECTION_RECEIVE_BYTES}. */
    public KademliaConfig.Builder maxConnectionReceiveBytes(int bytes) {
        return set(TransportOptions.MAX_CONNECTION_RECEIVE_BYTES, bytes);
    }

    /** Sets the received bytes of all connections that may wait, {@link TransportOptions#MAX_RECEIVE_BYTES}. */
    public KademliaConfig.Builder maxReceiveBytes(int bytes) {
        return set(TransportOptions.MAX_RECEIVE_BYTES, bytes);
    }

    /** Sets the size of the largest accepted response with peers, {@link TransportOptions#MAX_PEERS_RESPONSE_BYTES}. */
    public KademliaConfig.Builder maxPeersResponseBytes(int bytes) {
        return set(TransportOptions.MAX_PEERS_RESPONSE_BYTES, bytes);
    }

    /** Sets the size of the largest accepted response with providers, {@link TransportOptions#MAX_PROVIDERS_RESPONSE_BYTES}. */
    public KademliaConfig.Builder maxProvidersResponseBytes(int bytes) {
        return set(TransportOptions.MAX_PROVIDERS_RESPONSE_BYTES, bytes);
    }

    /** Sets the time from the first byte of a message until its last, {@link TransportOptions#MESSAGE_TIMEOUT}. */
    public KademliaConfig.Builder messageTimeout(Duration timeout) {
        return set(TransportOptions.MESSAGE_TIMEOUT, timeout);
    }

    /** Sets the interval at which a silent connection is pinged, {@link TransportOptions#KEEP_ALIVE_INTERVAL}. */
    public KademliaConfig.Builder keepAliveInterval(Duration interval) {
        return set(TransportOptions.KEEP_ALIVE_INTERVAL, Optional.of(interval));
    }

    /** Sets the time without a byte after a ping, at which a connection is closed, {@link TransportOptions#SILENCE_TIMEOUT}. */
    public KademliaConfig.Builder silenceTimeout(Duration timeout) {
        return set(TransportOptions.SILENCE_TIMEOUT, timeout);
    }

    /** Sets the security protocols of connections over TCP in order of preference, {@link TransportOptions#SECURITY}. */
    public KademliaConfig.Builder security(Security first, Security... others) {
        return set(
                TransportOptions.SECURITY,
                Stream.concat(Stream.of(first), Stream.of(others)).toList());
    }

    /** Sets the addresses stated by remote peers that are dialled, {@link TransportOptions#DIAL_POLICY}. */
    public KademliaConfig.Builder dialPolicy(DialPolicy policy) {
        return set(TransportOptions.DIAL_POLICY, policy);
    }

    /** Sets the attempts to connect that may be in progress, {@link TransportOptions#MAX_DIALS}. */
    public KademliaConfig.Builder maxDials(int attempts) {
        return set(TransportOptions.MAX_DIALS, attempts);
    }

    /** Sets the attempts to connect to one host that may be in progress, {@link TransportOptions#MAX_DIALS_PER_HOST}. */
    public KademliaConfig.Builder maxDialsPerHost(int attempts) {
        return set(TransportOptions.MAX_DIALS_PER_HOST, attempts);
    }

    /** Sets the attempts to connect to one host that may fail in a minute, {@link TransportOptions#MAX_FAILED_DIALS_PER_HOST}. */
    public KademliaConfig.Builder maxFailedDialsPerHost(int attempts) {
        return set(TransportOptions.MAX_FAILED_DIALS_PER_HOST, attempts);
    }

    /** Sets the attempts to connect that one lookup may cause, {@link TransportOptions#MAX_LOOKUP_DIALS}. */
    public KademliaConfig.Builder maxLookupDials(int attempts) {
        return set(TransportOptions.MAX_LOOKUP_DIALS, attempts);
    }

    /** Sets the time of a dial with all its attempts, {@link TransportOptions#DIAL_TIMEOUT}. */
    public KademliaConfig.Builder dialTimeout(Duration timeout) {
        return set(TransportOptions.DIAL_TIMEOUT, timeout);
    }

    /** Sets the longest time for which an address is not dialled after it failed, {@link TransportOptions#MAX_DIAL_BACK_OFF}. */
    public KademliaConfig.Builder maxDialBackOff(Duration backOff) {
        return set(TransportOptions.MAX_DIAL_BACK_OFF, backOff);
    }

    /** Sets the names whose DNS records are remembered, {@link TransportOptions#MAX_DNS_NAMES}. */
    public KademliaConfig.Builder maxDnsNames(int names) {
        return set(TransportOptions.MAX_DNS_NAMES, names);
    }

    /** Sets the DNS server that is asked about the names in addresses, {@link TransportOptions#RESOLVER}. */
    public KademliaConfig.Builder resolver(String server) {
        return set(TransportOptions.RESOLVER, server);
    }

    /** Sets the file of the certificate of listeners on {@code /tls/ws}, {@link TransportOptions#WS_CERT}. */
    public KademliaConfig.Builder wsCert(String file) {
        return set(TransportOptions.WS_CERT, file);
    }

    /** Sets the file of the private key of that certificate, {@link TransportOptions#WS_KEY}. */
    public KademliaConfig.Builder wsKey(String file) {
        return set(TransportOptions.WS_KEY, file);
    }

    /** Sets the file of the certificates that dialers of {@code /tls/ws} trust, {@link TransportOptions#WS_TRUST}. */
    public KademliaConfig.Builder wsTrust(String file) {
        return set(TransportOptions.WS_TRUST, file);
    }

    /** Sets the file of the pre-shared key of a private network, {@link TransportOptions#PSK}. */
    public KademliaConfig.Builder psk(String file) {
        return set(TransportOptions.PSK, file);
    }

    /** Sets the name of the transport provider, {@link KademliaConfig#TRANSPORT}. */
    public KademliaConfig.Builder transport(String provider) {
        return set(KademliaConfig.TRANSPORT, provider);
    }

    /** Sets the name of the record store provider, {@link KademliaConfig#RECORD_STORE}. */
    public KademliaConfig.Builder recordStore(String provider) {
        return set(KademliaConfig.RECORD_STORE, provider);
    }

    /** Sets the name of the provider store provider, {@link KademliaConfig#PROVIDER_STORE}. */
    public KademliaConfig.Builder providerStore(String provider) {
        return set(KademliaConfig.PROVIDER_STORE, provider);
    }

    /** Sets the name of the peer snapshot store provider, {@link KademliaConfig#PEER_SNAPSHOT_STORE}. */
    public KademliaConfig.Builder peerSnapshotStore(String provider) {
        return set(KademliaConfig.PEER_SNAPSHOT_STORE, provider);
    }

    /** Sets the longest time until a change of the routing table is saved, {@link KademliaConfig#PEER_SNAPSHOT_INTERVAL}. */
    public KademliaConfig.Builder peerSnapshotInterval(Duration interval) {
        return set(KademliaConfig.PEER_SNAPSHOT_INTERVAL, interval);
    }
}

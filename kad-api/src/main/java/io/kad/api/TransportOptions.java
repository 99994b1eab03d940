package io.kad.api;

import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Options of {@link KademliaConfig} that limit what remote peers can make a transport do and hold.
 *
 * <p>Each documents its unit, its range, the effect of a value that is too low or too high, and the source of its default.
 */
public final class TransportOptions {

    /**
     * Security protocols of connections over TCP, in order of preference: one or more of noise, tls. A dialer proposes them in this order; a
     * listener accepts each of them. Without a common one, a connection fails. TLS is left out, with a log line, where its library is missing,
     * unless it is the only one. Default: noise, then tls (rust-libp2p; go-libp2p has the other order).
     */
    public static final ConfigOption<List<Security>> SECURITY =
            ConfigOption.order("security", List.of(Security.NOISE, Security.TLS));

    /**
     * Inbound connections that one host, an IPv4 address or an IPv6 /56, may have open; 1 to 1,000,000. Loopback is exempt. If too low, peers
     * behind one address are refused, with one log line; if too high, one host can occupy the inbound share of {@link
     * KademliaConfig#MAX_CONNECTIONS}. Default: 64 (kad's choice, for private networks with many peers behind one address; go-libp2p: 8).
     */
    public static final ConfigOption<Integer> MAX_CONNECTIONS_PER_HOST =
            ConfigOption.integer("max-connections-per-host", 64, 1, 1_000_000);

    /**
     * Inbound connections that one network, an IPv4 /24 or an IPv6 /48, may have open; 1 to 1,000,000. Loopback is exempt. If too low, the
     * peers of a local network are refused, with one log line; if too high, one network can occupy the inbound share of {@link
     * KademliaConfig#MAX_CONNECTIONS}. Default: 256 (kad's choice, as a private network is often one range; go-libp2p: 64 for an IPv6 /48).
     */
    public static final ConfigOption<Integer> MAX_CONNECTIONS_PER_NETWORK =
            ConfigOption.integer("max-connections-per-network", 256, 1, 1_000_000);

    /**
     * Inbound connections that one host may open in a minute; 1 to 1,000,000. Loopback is exempt. If too low, peers behind one address that
     * reconnect are refused; if too high, handshakes of one host take up the processor. Default: 240 (kad's choice, at 1 ms of the processor
     * for a handshake; go-libp2p: 12).
     */
    public static final ConfigOption<Integer> MAX_ACCEPTS_PER_MINUTE =
            ConfigOption.integer("max-accepts-per-minute", 240, 1, 1_000_000);

    /**
     * Part of {@link KademliaConfig#MAX_CONNECTIONS} that is for inbound connections, in percent; 1 to 99. The rest is for outbound ones;
     * each direction has one at least. What one direction does not use is lent to the other one until it is needed. If too low, other peers are refused; if too high, lookups have few connections. Default: 60 (kad's
     * choice).
     */
    public static final ConfigOption<Integer> INBOUND_CONNECTIONS_PERCENT =
            ConfigOption.integer("inbound-connections-percent", 60, 1, 99);

    /**
     * Part of the connections that a direction may have at which idle ones are closed, in percent; 1 to 100. If too low, connections are closed and opened
     * again; if too high, peers are refused when many come at once. Default: 90 (kad's choice; Kubo: 96 connections).
     */
    public static final ConfigOption<Integer> CONNECTION_HIGH_WATER_PERCENT =
            ConfigOption.integer("connection-high-water-percent", 90, 1, 100);

    /**
     * Part of the connections that a direction may have that is left when idle ones are closed, in percent; 1 to 100, and at most {@link
     * #CONNECTION_HIGH_WATER_PERCENT}. If too low, connections are closed and opened again; if too high, they are closed often. Default: 70
     * (kad's choice; Kubo: 32 connections).
     */
    public static final ConfigOption<Integer> CONNECTION_LOW_WATER_PERCENT =
            ConfigOption.integer("connection-low-water-percent", 70, 1, 100);

    /**
     * Time after its opening, or after a request of either side, for which a connection is not closed to make room; 1 ms to 1 h. An outbound
     * one has a quarter; an inbound one without a request has 1 s when all places are taken, and those of an address range with more than an
     * eighth of them have less. It should exceed {@link KademliaConfig#REQUEST_TIMEOUT}. If too low, connections in use are closed; if too high, new peers are refused when many connections
     * are open. Default: 20 s (Kubo).
     */
    public static final ConfigOption<Duration> CONNECTION_GRACE_PERIOD = ConfigOption.duration(
            "connection-grace-period", Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofHours(1));

    /**
     * Inbound connections that may be in their upgrade; 1 to 65,536. One address range, an IPv4 /24 or an IPv6 /48, has an eighth of them, at
     * least one; loopback is exempt from that. When all are taken, a further one evicts one that has not agreed on a security protocol in time, one of
     * the range that has most, or one that takes longer than 1 s. If too low, bursts of peers are refused; if too high, connections that
     * never finish it take memory. Default: 128 (kad's choice; go-libp2p: 32 and more, by memory).
     */
    public static final ConfigOption<Integer> MAX_PENDING_UPGRADES =
            ConfigOption.integer("max-pending-upgrades", 128, 1, 65_536);

    /**
     * Time from an open socket until the connection is secured and multiplexed; 100 ms to 10 min. If too low, distant peers are refused; if
     * too high, connections that never finish it occupy {@link #MAX_PENDING_UPGRADES}. Default: 10 s (rust-libp2p, js-libp2p).
     */
    public static final ConfigOption<Duration> UPGRADE_TIMEOUT = ConfigOption.duration(
            "upgrade-timeout", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofMinutes(10));

    /**
     * Time of the negotiation of a protocol on a stream; 100 ms to 10 min. If too low, distant peers fail; if too high, streams that never
     * finish it stay open. Default: 10 s (go-libp2p, js-libp2p).
     */
    public static final ConfigOption<Duration> NEGOTIATION_TIMEOUT = ConfigOption.duration(
            "negotiation-timeout", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofMinutes(10));

    /**
     * Inbound streams that a connection may have open; 8 to 65,536. Further ones are reset. If too low, busy peers are refused; if too high, a
     * peer makes the local peer hold more. Default: 256 (go-libp2p).
     */
    public static final ConfigOption<Integer> MAX_INBOUND_STREAMS =
            ConfigOption.integer("max-inbound-streams", 256, 8, 65_536);

    /**
     * Inbound streams of the Kademlia protocol that a connection may have open; 1 to 65,536. Further ones are reset. If too low, busy peers
     * are refused; if too high, one peer takes the places of others. Default: 64 (kad's choice; rust-libp2p: 32).
     */
    public static final ConfigOption<Integer> MAX_KAD_STREAMS = ConfigOption.integer("max-kad-streams", 64, 1, 65_536);

    /**
     * Inbound streams of a connection that may be refused, or reset by either peer, in a minute; 16 to 1,000,000. Beyond it, the
     * connection is closed. If too low, peers that abandon requests lose their connections; if too high, streams that are opened and reset
     * take up the processor. Default: 4096 (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_STREAM_RESETS_PER_MINUTE =
            ConfigOption.integer("max-stream-resets-per-minute", 4096, 16, 1_000_000);

    /**
     * Control frames of a connection that may wait to be sent; 16 to 65,536. Beyond it, the connection is closed, because its peer sends pings
     * or streams and does not read. If too low, bursts end connections; if too high, they take memory. Default: 1024 (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_CONTROL_FRAMES =
            ConfigOption.integer("max-control-frames", 1024, 16, 65_536);

    /**
     * Time after which an inbound stream of the Kademlia protocol is reset that waits: for its next request, for the response of the local
     * peer, or until a response has left; 1 s to 1 h. If too low, streams that are used now and then are opened again; if too high, unused ones
     * occupy {@link #MAX_KAD_STREAMS}. Default: 60 s (go-libp2p-kad-dht).
     */
    public static final ConfigOption<Duration> STREAM_IDLE_TIMEOUT = ConfigOption.duration(
            "stream-idle-timeout", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofHours(1));

    /**
     * Outbound streams of the Kademlia protocol that are kept for further requests on one connection while none is in flight; 0 to 32, with 0
     * for a new stream per request. If too low, streams are opened and negotiated again after each burst of requests; if too high, unused ones
     * take memory of both peers. Default: 32, as many as are in use at most (kad's choice; go-libp2p-kad-dht keeps one).
     */
    public static final ConfigOption<Integer> STREAM_POOL_SIZE = ConfigOption.integer("stream-pool-size", 32, 0, 32);

    /**
     * Time after which a stream that is kept for further requests, and unused, is ended; 100 ms to 1 min. If too low, few streams are used
     * again; if too high, the remote peer ends them first, and requests are repeated. Default: 5 s (kad's choice; js-libp2p resets an idle
     * stream after 10 s, go-libp2p-kad-dht after 60 s).
     */
    public static final ConfigOption<Duration> STREAM_POOL_TIMEOUT = ConfigOption.duration(
            "stream-pool-timeout", Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofMinutes(1));

    /**
     * Requests of the Kademlia protocol that one peer may send in a minute, over all its connections; 1 to 100,000,000. The peers of one
     * address range (an IPv4 /24, an IPv6 /48) together have eight times as many; loopback is exempt from that. Beyond it, a request waits, and
     * nothing more of its stream is read, for half of {@link KademliaConfig#REQUEST_TIMEOUT} at most; its stream is reset if that is not
     * enough. If too low, busy peers wait and are refused; if too high, one peer takes up the processor. Default: 1,800,000, which is 30,000
     * a second (kad's choice: more than one load generator sends; go-libp2p-kad-dht and rust-libp2p have no such limit).
     */
    public static final ConfigOption<Integer> MAX_REQUESTS_PER_MINUTE =
            ConfigOption.integer("max-requests-per-minute", 1_800_000, 1, 100_000_000);

    /**
     * Records that one peer may ask the local peer to store in a minute, over all its connections; 1 to 100,000,000. Address ranges as for
     * {@link #MAX_REQUESTS_PER_MINUTE}. Beyond it, a record waits as a request does, or is refused. If too low, peers that republish many records are refused; if too high,
     * one peer takes up the store. Default: 12,000 (kad's choice: a peer may republish 10,000 records at once).
     */
    public static final ConfigOption<Integer> MAX_STORED_RECORDS_PER_MINUTE =
            ConfigOption.integer("max-stored-records-per-minute", 12_000, 1, 100_000_000);

    /**
     * Provider records that one peer may ask the local peer to store in a minute, over all its connections; 1 to 100,000,000. Address ranges as
     * for {@link #MAX_REQUESTS_PER_MINUTE}. Beyond it, an announcement waits as a request does, or its stream is reset. If too low, peers that provide many keys are
     * refused; if too high, one peer takes up the store. Default: 12,000 (kad's choice, as for records).
     */
    public static final ConfigOption<Integer> MAX_STORED_PROVIDERS_PER_MINUTE =
            ConfigOption.integer("max-stored-providers-per-minute", 12_000, 1, 100_000_000);

    /**
     * Identify pushes of a peer that are read in a minute, over all its connections; 1 to 1,000,000. Address ranges as for {@link
     * #MAX_REQUESTS_PER_MINUTE}. Further ones are reset. If too low, changes of a peer are missed; if too high, pushes take up the processor.
     * Default: 12 (go-libp2p).
     */
    public static final ConfigOption<Integer> MAX_PUSHES_PER_MINUTE =
            ConfigOption.integer("max-pushes-per-minute", 12, 1, 1_000_000);

    /**
     * Bytes that may wait to be sent on one connection; 16 KiB to 256 MiB. Further requests of that peer wait until it has read; a single
     * larger message is sent alone. If too low, parallel requests for large records take turns; if too high, a peer that does not read makes
     * the local peer hold more. Default: 2 MiB (kad's choice; 64 responses of the size that rust-libp2p reads are half of it).
     */
    public static final ConfigOption<Integer> MAX_CONNECTION_SEND_BYTES =
            ConfigOption.integer("max-connection-send-bytes", 2 << 20, 16 * 1024, 256 << 20);

    /**
     * Bytes that may wait to be sent on all connections together; 1 MiB to 1 GiB, raised to two messages of {@link KademliaConfig#MAX_MESSAGE_BYTES}.
     * Beyond it, the connection that holds most is closed. If too low, slow peers lose their connections; if too high, peers that do not read
     * fill the memory. Default: 16 MiB (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_SEND_BYTES =
            ConfigOption.integer("max-send-bytes", 16 << 20, 1 << 20, 1 << 30);

    /**
     * Time without any progress after which a connection is closed whose bytes wait to be sent; 1 s to 1 h. If too low, a peer that pauses
     * loses its connection; if too high, a peer that does not read occupies memory for longer. Default: 20 s (kad's choice; go-libp2p: 10 s).
     */
    public static final ConfigOption<Duration> WRITE_TIMEOUT =
            ConfigOption.duration("write-timeout", Duration.ofSeconds(20), Duration.ofSeconds(1), Duration.ofHours(1));

    /**
     * Received bytes of one connection that may wait to be handled, such as unread and incomplete messages; 64 KiB to 256 MiB, raised to two
     * messages of {@link KademliaConfig#MAX_MESSAGE_BYTES}. It limits the unread bytes, beyond which the stream with most of them is reset, and the
     * incomplete messages without the first 32 KiB of each, beyond which the stream that adds to them is reset. If too low, parallel large
     * records fail; if too high, a peer makes the local peer hold more. Default: 8 MiB (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_CONNECTION_RECEIVE_BYTES =
            ConfigOption.integer("max-connection-receive-bytes", 8 << 20, 64 * 1024, 256 << 20);

    /**
     * Received bytes of all connections together that may wait to be handled; 1 MiB to 1 GiB, raised to two messages of {@link
     * KademliaConfig#MAX_MESSAGE_BYTES}. Beyond it, the connection that holds most loses its stream with the most bytes of a message, or is closed
     * if there is none. Requests that lose their response this way are not repeated. If too low, peers that store large records lose their
     * connections; if too high, half-sent messages fill the memory. Default: 12 MiB (kad's choice: what is
     * held while connections let go is up to half more, and a message).
     */
    public static final ConfigOption<Integer> MAX_RECEIVE_BYTES =
            ConfigOption.integer("max-receive-bytes", 12 << 20, 1 << 20, 1 << 30);

    /**
     * Size of the largest response to a request for peers that is accepted, in bytes; 4 KiB to 64 MiB. {@link
     * KademliaConfig#MAX_MESSAGE_BYTES} limits it too, and alone those with a record. If too low, peers with many addresses are lost; if
     * too high, the peers of a lookup can make the local peer hold more. Default: 64 KiB (kad's choice; rust-libp2p sends 16 KiB).
     */
    public static final ConfigOption<Integer> MAX_PEERS_RESPONSE_BYTES =
            ConfigOption.integer("max-peers-response-bytes", 64 * 1024, 4096, 64 << 20);

    /**
     * Size of the largest response to a request for providers that is accepted, in bytes; 4 KiB to 64 MiB. {@link
     * KademliaConfig#MAX_MESSAGE_BYTES} limits it too. If too low, the providers of a popular key are lost; if too high, the peers of a lookup
     * can make the local peer hold more. Default: 256 KiB (kad's choice; go-libp2p-kad-dht sends all providers that it knows in one response).
     */
    public static final ConfigOption<Integer> MAX_PROVIDERS_RESPONSE_BYTES =
            ConfigOption.integer("max-providers-response-bytes", 256 * 1024, 4096, 64 << 20);

    /**
     * Time from the first byte of a message until its last; 100 ms to 1 h. A request whose length is large has more: a second for each 32 KiB.
     * If too low, large records over slow links fail; if too high,
     * half-sent messages are held for longer. Default: 10 s (kad's choice, as the request timeout of rust-libp2p).
     */
    public static final ConfigOption<Duration> MESSAGE_TIMEOUT = ConfigOption.duration(
            "message-timeout", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofHours(1));

    /**
     * Interval at which a connection that receives nothing is pinged; 100 ms to 1 day, or off. If too low, it wastes traffic; if too high or
     * off, a connection whose other end is gone is noticed by the next request only. Default: 15 s (kad's choice; go-libp2p and js-libp2p:
     * 30 s).
     */
    public static final ConfigOption<Optional<Duration>> KEEP_ALIVE_INTERVAL = ConfigOption.optionalDuration(
            "keep-alive-interval", Duration.ofSeconds(15), Duration.ofMillis(100), Duration.ofDays(1));

    /**
     * Time without a single received byte after a ping, at which a connection is closed; 100 ms to 1 h. A ping follows each request that timed
     * out, and each {@link #KEEP_ALIVE_INTERVAL}. If too low, a peer that pauses loses its connection; if too high, a connection whose
     * other end is gone is used for longer. Default: 10 s (go-libp2p, js-libp2p).
     */
    public static final ConfigOption<Duration> SILENCE_TIMEOUT = ConfigOption.duration(
            "silence-timeout", Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofHours(1));

    /**
     * Addresses stated by remote peers that are dialled: all, or public. With all, a peer of a public network can make the local peer connect
     * to services of its local network; with public, peers in local networks are not reached. Default: all (kad's choice, for private
     * networks).
     */
    public static final ConfigOption<DialPolicy> DIAL_POLICY = ConfigOption.choice("dial-policy", DialPolicy.ALL);

    /**
     * Attempts to connect that may be in progress; 1 to 65,536. Further ones wait, and hosts take turns. An attempt without a result after 250 ms
     * no longer counts, and may go on as one of four times as many. If too low, lookups wait; if too high, they take file descriptors.
     * Default: 160 (go-libp2p).
     */
    public static final ConfigOption<Integer> MAX_DIALS = ConfigOption.integer("max-dials", 160, 1, 65_536);

    /**
     * Attempts to connect to one host, an IPv4 address or an IPv6 /56, that may be in progress; 1 to 65,536. Further ones wait. Loopback is
     * exempt. One address with its port has one attempt at a time in any case. If too low, a host with many peers is reached slowly; if
     * too high, peers that name one host as the address of many make the local peer attack it. Default: 8 (go-libp2p, for one peer).
     */
    public static final ConfigOption<Integer> MAX_DIALS_PER_HOST =
            ConfigOption.integer("max-dials-per-host", 8, 1, 65_536);

    /**
     * Attempts to connect to one host that may fail in a minute; 1 to 1,000,000. Those in progress count, and a peer that is reached there
     * forgives all; one that is cancelled within 250 ms, or ends because of a limit of the local peer, does not count. Each
     * lookup of a {@code /dnsaddr} that a remote peer has stated counts, whatever its result. One address with its port has the same limit, which a peer that is reached there does not end. Beyond it, the host is dialled only at addresses that the user has given. On loopback it is the limit of each address with
     * its port. If too low, a host of many peers is reached late after it was down; if too high, peers that name one host
     * as the address of many make the local peer attack it. Default: 10 (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_FAILED_DIALS_PER_HOST =
            ConfigOption.integer("max-failed-dials-per-host", 10, 1, 1_000_000);

    /**
     * Attempts to connect that one lookup may cause at addresses that it has learned from responses; 1 to 1,000,000. Addresses of the routing
     * table, those that the user has given and the first two of each peer don't count. Beyond it, requests to peers that are not connected fail. If too low, lookups in
     * networks with many dead addresses miss peers; if too high, a peer that responds with invented addresses makes the local peer dial them.
     * Default: 160 (kad's choice, twice what a lookup of 40 peers with an unreachable address each needs).
     */
    public static final ConfigOption<Integer> MAX_LOOKUP_DIALS =
            ConfigOption.integer("max-lookup-dials", 160, 1, 1_000_000);

    /**
     * Time of a dial with all its attempts, from the start of the first; 100 ms to 10 min. {@link KademliaConfig#REQUEST_TIMEOUT} limits it
     * too, as a dial ends with the last request that needs it. If too low, peers with many dead addresses are not reached; if too high, dials
     * of dead peers occupy {@link #MAX_DIALS} for longer. Default: 15 s (kad's choice: 5 s to connect and {@link #UPGRADE_TIMEOUT}).
     */
    public static final ConfigOption<Duration> DIAL_TIMEOUT = ConfigOption.duration(
            "dial-timeout", Duration.ofSeconds(15), Duration.ofMillis(100), Duration.ofMinutes(10));

    /**
     * Longest time for which an address is not dialled after it failed; 1 ms to 1 h. It begins with 1 s and doubles with each failure. An
     * address that the user has given is always dialled. If too low, dead addresses are dialled again and again; if too high, a peer that
     * was away for long is reached late, unless it connects itself. Default: 1 min (kad's choice; go-libp2p: 5 min).
     */
    public static final ConfigOption<Duration> MAX_DIAL_BACK_OFF = ConfigOption.duration(
            "max-dial-back-off", Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofHours(1));

    /**
     * Names whose DNS records are remembered, so many of each of {@code /dns}, {@code /dns4} and {@code /dns6}, each name with 8
     * addresses at most, and of {@code /dnsaddr}; 1 to 1,000,000. If too low, names are resolved again; if too high, names that remote peers state fill the memory.
     * Default: 1024 (kad's choice).
     */
    public static final ConfigOption<Integer> MAX_DNS_NAMES = ConfigOption.integer("max-dns-names", 1024, 1, 1_000_000);

    /**
     * DNS server that is asked about the names in addresses: an IP address with a port, such as 192.0.2.53:53 or [2001:db8::53]:53, or system for
     * the servers of the machine. The hosts file of the machine is read in any case. Default: system.
     */
    public static final ConfigOption<String> RESOLVER = ConfigOption.text(
            "resolver",
            "system",
            "system, or an IP address with a port, such as 192.0.2.53:53 or [2001:db8::53]:53",
            TransportOptions::isResolver);

    /**
     * File in PEM with the certificate, and those that have signed it, by which a listener on {@code /tls/ws} shows browsers and other dialers that
     * it is their host; empty for none. {@link #WS_KEY} belongs to it. Default: empty, so that nobody can listen on {@code /tls/ws}.
     */
    public static final ConfigOption<String> WS_CERT = file("ws-cert");

    /** File in PEM with the private key (PKCS #8) of {@link #WS_CERT}, without a password; empty for none. Default: empty. */
    public static final ConfigOption<String> WS_KEY = file("ws-key");

    /**
     * File in PEM with the certificates that a dialer of {@code /tls/ws} trusts in place of those of the machine; empty for those. Default: empty.
     */
    public static final ConfigOption<String> WS_TRUST = file("ws-trust");

    /**
     * File with the pre-shared key of a private network, in the format {@code /key/swarm/psk/1.0.0/} of go-libp2p and js-libp2p; empty for none. Only
     * peers with the same key can connect. QUIC is then not used, and TCP and WebSocket need a port each. Default: empty.
     */
    public static final ConfigOption<String> PSK = file("psk");

    /** All options of this class. */
    static final List<ConfigOption<?>> ALL = List.of(
            SECURITY,
            MAX_CONNECTIONS_PER_HOST,
            MAX_CONNECTIONS_PER_NETWORK,
            INBOUND_CONNECTIONS_PERCENT,
            CONNECTION_HIGH_WATER_PERCENT,
            CONNECTION_LOW_WATER_PERCENT,
            CONNECTION_GRACE_PERIOD,
            MAX_ACCEPTS_PER_MINUTE,
            MAX_PENDING_UPGRADES,
            UPGRADE_TIMEOUT,
            NEGOTIATION_TIMEOUT,
            MAX_INBOUND_STREAMS,
            MAX_KAD_STREAMS,
            MAX_STREAM_RESETS_PER_MINUTE,
            MAX_CONTROL_FRAMES,
            STREAM_IDLE_TIMEOUT,
            STREAM_POOL_SIZE,
            STREAM_POOL_TIMEOUT,
            MAX_REQUESTS_PER_MINUTE,
            MAX_STORED_RECORDS_PER_MINUTE,
            MAX_STORED_PROVIDERS_PER_MINUTE,
            MAX_PUSHES_PER_MINUTE,
            MAX_CONNECTION_SEND_BYTES,
            MAX_SEND_BYTES,
            WRITE_TIMEOUT,
            MAX_CONNECTION_RECEIVE_BYTES,
            MAX_RECEIVE_BYTES,
            MAX_PEERS_RESPONSE_BYTES,
            MAX_PROVIDERS_RESPONSE_BYTES,
            MESSAGE_TIMEOUT,
            KEEP_ALIVE_INTERVAL,
            SILENCE_TIMEOUT,
            DIAL_POLICY,
            MAX_DIALS,
            MAX_DIALS_PER_HOST,
            MAX_FAILED_DIALS_PER_HOST,
            MAX_LOOKUP_DIALS,
            DIAL_TIMEOUT,
            MAX_DIAL_BACK_OFF,
            MAX_DNS_NAMES,
            RESOLVER,
            WS_CERT,
            WS_KEY,
            WS_TRUST,
            PSK);

    private TransportOptions() {}

    /**
     * Returns the option that limits the size of a response to {@code request}, besides the limit of a message: one that may carry a record has no
     * other limit, any other one that of its kind.
     */
    public static ConfigOption<Integer> responseLimit(KadRequest request) {
        if (request instanceof KadRequest.GetValue || request instanceof KadRequest.PutValue) {
            return KademliaConfig.MAX_MESSAGE_BYTES;
        }
        return request instanceof KadRequest.GetProviders ? MAX_PROVIDERS_RESPONSE_BYTES : MAX_PEERS_RESPONSE_BYTES;
    }

    /** Returns the largest response to {@code request} that a peer of {@code config} accepts, in bytes. */
    public static int maxResponseBytes(KademliaConfig config, KadRequest request) {
        return Math.min(config.get(KademliaConfig.MAX_MESSAGE_BYTES), config.get(responseLimit(request)));
    }

    private static ConfigOption<String> file(String name) {
        return ConfigOption.text(name, "", "the path of a file", value -> true);
    }

    private static boolean isResolver(String text) {
        if (text.equals("system")) {
            return true;
        }
        int colon = text.lastIndexOf(':');
        boolean isIp6 = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
        String host = isIp6 ? "/ip6/" + text.substring(1, colon - 1) : "/ip4/" + text.substring(0, Math.max(0, colon));
        String port = text.substring(colon + 1);
        try {
            List<Multiaddr.Component> parsed =
                    Multiaddr.parse(host + "/udp/" + port).components();
            return parsed.size() == 2 && parsed.get(1).text().equals(port) && !port.equals("0");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

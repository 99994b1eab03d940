package io.kad.transport.netty.limit;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import java.util.Locale;

/** Limit of the transport; {@link LimitCounters} counts how often it took effect. {@link #option} names the option that sets it, if it is not fixed. */
public enum LimitId {
    /** Connection gates of the application: a dial or a connection was refused. */
    CONNECTION_GATE(LimitId.FIXED),
    /** Open connections: one was refused, or the least useful one was closed for it. */
    CONNECTIONS(KademliaConfig.MAX_CONNECTIONS.name()),
    /** Inbound connections of one host: one was refused. */
    CONNECTIONS_PER_HOST(TransportOptions.MAX_CONNECTIONS_PER_HOST.name()),
    /** Inbound connections of one network: one was refused. */
    CONNECTIONS_PER_NETWORK(TransportOptions.MAX_CONNECTIONS_PER_NETWORK.name()),
    /** Connections of a direction: idle ones were closed. */
    CONNECTION_HIGH_WATER(TransportOptions.CONNECTION_HIGH_WATER_PERCENT.name()),
    /** Inbound connections of one host in a minute: one was refused. */
    ACCEPTS_PER_MINUTE(TransportOptions.MAX_ACCEPTS_PER_MINUTE.name()),
    /** Inbound connections in their upgrade: one was refused, or closed for another. */
    PENDING_UPGRADES(TransportOptions.MAX_PENDING_UPGRADES.name()),
    /** Time of an upgrade: the connection was closed. */
    UPGRADE_TIMEOUT(TransportOptions.UPGRADE_TIMEOUT.name()),
    /** Bytes before authentication: the connection was closed. */
    UPGRADE_BYTES(LimitId.FIXED),
    /** Length of a handshake message, and kind and size of the key in it: the connection was closed. */
    HANDSHAKE(LimitId.FIXED),
    /** Signatures of remote peers that wait to be checked: the connection was closed, or its identify message dropped. */
    SIGNATURE_CHECKS(LimitId.FIXED),
    /** Bytes and refused proposals of the negotiation of a stream: the stream was reset. */
    NEGOTIATION(LimitId.FIXED),
    /** Time of the negotiation of an inbound stream: the stream was reset. */
    NEGOTIATION_TIMEOUT(TransportOptions.NEGOTIATION_TIMEOUT.name()),
    /** Inbound streams of a connection: one was reset. */
    INBOUND_STREAMS(TransportOptions.MAX_INBOUND_STREAMS.name()),
    /** Inbound streams of the Kademlia protocol of a connection: one was reset. */
    KAD_STREAMS(TransportOptions.MAX_KAD_STREAMS.name()),
    /** Inbound streams of identify, push and ping of a connection: one was reset. */
    SERVICE_STREAMS(LimitId.FIXED),
    /** Inbound streams of a protocol of the application of a connection: one was reset. */
    APPLICATION_STREAMS(LimitId.FIXED),
    /** Inbound streams that were refused or reset in a minute: the connection was closed. */
    STREAM_RESETS_PER_MINUTE(TransportOptions.MAX_STREAM_RESETS_PER_MINUTE.name()),
    /** Control frames that wait to be sent: the connection was closed. */
    CONTROL_FRAMES(TransportOptions.MAX_CONTROL_FRAMES.name()),
    /** Time that an inbound stream waits: it was reset. */
    STREAM_IDLE_TIMEOUT(TransportOptions.STREAM_IDLE_TIMEOUT.name()),
    /** Size of a request: its stream was reset. */
    MESSAGE_BYTES(KademliaConfig.MAX_MESSAGE_BYTES.name()),
    /** Size of a response with peers: the request failed. */
    PEERS_RESPONSE_BYTES(TransportOptions.MAX_PEERS_RESPONSE_BYTES.name()),
    /** Size of a response with providers: the request failed. */
    PROVIDERS_RESPONSE_BYTES(TransportOptions.MAX_PROVIDERS_RESPONSE_BYTES.name()),
    /** Requests of one peer or address range in a minute: one waited, or its stream was reset. */
    REQUESTS_PER_MINUTE(TransportOptions.MAX_REQUESTS_PER_MINUTE.name()),
    /** Records that one peer or address range stores in a minute: one waited, or was refused. */
    STORED_RECORDS_PER_MINUTE(TransportOptions.MAX_STORED_RECORDS_PER_MINUTE.name()),
    /** Provider records that one peer or address range stores in a minute: one waited, or was refused. */
    STORED_PROVIDERS_PER_MINUTE(TransportOptions.MAX_STORED_PROVIDERS_PER_MINUTE.name()),
    /** Identify pushes of one peer or address range in a minute: one was reset. */
    PUSHES_PER_MINUTE(TransportOptions.MAX_PUSHES_PER_MINUTE.name()),
    /** Size and number of identify messages: those of a stream were dropped. */
    IDENTIFY(LimitId.FIXED),
    /** Time without streams: the connection was closed. */
    IDLE_CONNECTION_TIMEOUT(KademliaConfig.IDLE_CONNECTION_TIMEOUT.name()),
    /** Bytes that wait to be sent on one stream: a further write was refused. */
    STREAM_SEND_BYTES(LimitId.FIXED),
    /** Bytes that wait to be sent on one connection: a request waited for the responses before it, or a write was refused. */
    CONNECTION_SEND_BYTES(TransportOptions.MAX_CONNECTION_SEND_BYTES.name()),
    /** Bytes that wait to be sent by the node: the connection that held most was closed. */
    SEND_BYTES(TransportOptions.MAX_SEND_BYTES.name()),
    /** Time without progress of bytes that wait to be sent: the connection was closed. */
    WRITE_TIMEOUT(TransportOptions.WRITE_TIMEOUT.name()),
    /** Received bytes of one connection that are not handled yet: a stream was reset. */
    CONNECTION_RECEIVE_BYTES(TransportOptions.MAX_CONNECTION_RECEIVE_BYTES.name()),
    /** Received bytes of the node that are not handled yet: the connection that held most lost its fullest stream, or was closed. */
    RECEIVE_BYTES(TransportOptions.MAX_RECEIVE_BYTES.name()),
    /** Time from the first byte of a message to its last: the stream was reset, or the connection closed. */
    MESSAGE_TIMEOUT(TransportOptions.MESSAGE_TIMEOUT.name()),
    /** Time without any byte after a ping: the connection was closed. */
    SILENCE_TIMEOUT(TransportOptions.SILENCE_TIMEOUT.name()),
    /** Addresses stated by remote peers: one was not dialled. */
    DIAL_POLICY(TransportOptions.DIAL_POLICY.name()),
    /** Dials and attempts to connect: one was refused, or one without an answer was ended for another. */
    DIALS(TransportOptions.MAX_DIALS.name()),
    /** Attempts to connect to one host: one waited. */
    DIALS_PER_HOST(TransportOptions.MAX_DIALS_PER_HOST.name()),
    /** Failed attempts to connect to one host in a minute: another one was not made. */
    FAILED_DIALS_PER_HOST(TransportOptions.MAX_FAILED_DIALS_PER_HOST.name()),
    /** Attempts to connect that one lookup causes: another one was not made. */
    LOOKUP_DIALS(TransportOptions.MAX_LOOKUP_DIALS.name()),
    /** Time of a dial: it was ended. */
    DIAL_TIMEOUT(TransportOptions.DIAL_TIMEOUT.name());

    /** Text in place of an option for a limit that a protocol fixes. */
    static final String FIXED = "fixed";

    private final String option;

    LimitId(String option) {
        this.option = option;
    }

    /** Returns the name of the option that sets this limit; {@code fixed} if there is none. */
    public String option() {
        return option;
    }

    /** Returns whether honest peers reach this limit in a healthy network, so that it is no news for people. */
    boolean isRoutine() {
        return switch (this) {
            case CONNECTION_GATE,
                    STREAM_IDLE_TIMEOUT,
                    IDLE_CONNECTION_TIMEOUT,
                    SILENCE_TIMEOUT,
                    CONNECTION_SEND_BYTES,
                    CONNECTION_HIGH_WATER,
                    DIAL_POLICY,
                    DIALS,
                    DIALS_PER_HOST,
                    DIAL_TIMEOUT -> true;
            default -> false;
        };
    }

    /** Returns the name of the counter, such as {@code limit-send-bytes}. */
    public String counter() {
        return "limit-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package io.kad.transport.netty.limit;

import io.kad.api.KademliaConfig;
import java.util.Locale;

/** Limit of the transport whose bites are counted; {@link #option} names the option that sets it. */
public enum Limit {
    /** Bytes that wait to be sent on one stream: a further write was refused. */
    STREAM_SEND_BYTES(KademliaConfig.MAX_STREAM_SEND_BYTES.name()),
    /** Bytes that wait to be sent on one connection: a request waited for the responses before it, or a write was refused. */
    CONNECTION_SEND_BYTES(KademliaConfig.MAX_CONNECTION_SEND_BYTES.name()),
    /** Bytes that wait to be sent by the node: the connection that held most was closed. */
    SEND_BYTES(KademliaConfig.MAX_SEND_BYTES.name()),
    /** Time without progress of bytes that wait to be sent: the connection was closed. */
    WRITE_TIMEOUT(KademliaConfig.WRITE_TIMEOUT.name()),
    /** Received bytes of one connection that are not handled yet: a stream was reset. */
    CONNECTION_RECEIVE_BYTES(KademliaConfig.MAX_CONNECTION_RECEIVE_BYTES.name()),
    /** Received bytes of the node that are not handled yet: the connection that held most was closed. */
    RECEIVE_BYTES(KademliaConfig.MAX_RECEIVE_BYTES.name()),
    /** Time from the first byte of a message to its last: the stream was reset, or the connection closed. */
    MESSAGE_TIMEOUT(KademliaConfig.MESSAGE_TIMEOUT.name()),
    /** Time without any byte after a ping: the connection was closed. */
    SILENCE_TIMEOUT(KademliaConfig.SILENCE_TIMEOUT.name());

    private final String option;

    Limit(String option) {
        this.option = option;
    }

    /** Returns the name of the option that sets this limit. */
    public String option() {
        return option;
    }

    /** Returns the name of the counter, such as {@code limit-send-bytes}. */
    public String counter() {
        return "limit-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package io.kad.transport.netty.yamux;

import io.netty.channel.ChannelId;

/** Channel ID of a stream: the ID of its connection and the stream ID. */
record StreamChannelId(ChannelId connection, int streamId) implements ChannelId {

    @Override
    public String asShortText() {
        return connection.asShortText() + '/' + Integer.toUnsignedString(streamId);
    }

    @Override
    public String asLongText() {
        return connection.asLongText() + '/' + Integer.toUnsignedString(streamId);
    }

    @Override
    public int compareTo(ChannelId other) {
        if (other instanceof StreamChannelId that) {
            int order = connection.compareTo(that.connection);
            return order != 0 ? order : Integer.compareUnsigned(streamId, that.streamId);
        }
        return asLongText().compareTo(other.asLongText());
    }
}

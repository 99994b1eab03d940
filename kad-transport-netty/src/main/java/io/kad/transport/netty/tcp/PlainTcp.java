package io.kad.transport.netty.tcp;

import io.kad.transport.netty.transport.AddressPattern;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.List;

/** TCP alone: a dialer begins with the header of multistream-select, whose length comes first. */
enum PlainTcp implements TcpProtocol {
    INSTANCE;

    private static final int HEADER_LENGTH = "/multistream/1.0.0\n".length();

    @Override
    public String transportName() {
        return TcpTransport.NAME;
    }

    @Override
    public AddressPattern addresses() {
        return AddressPattern.TCP;
    }

    @Override
    public int firstByte() {
        return HEADER_LENGTH;
    }

    @Override
    public List<ChannelHandler> listenerHandlers(Channel connection, HandshakeProgress progress) {
        return List.of();
    }
}

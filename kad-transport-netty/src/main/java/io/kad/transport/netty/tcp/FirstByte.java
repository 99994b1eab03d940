package io.kad.transport.netty.tcp;

import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Handler of an inbound connection that tells by its first byte which protocol its dialer speaks, and leaves. */
final class FirstByte extends ByteToMessageDecoder {

    private final List<TcpProtocol> protocols;
    private final Consumer<TcpProtocol> onFound;
    private final HandshakeProgress progress;
    private boolean found;

    /**
     * Creates the handler of one connection.
     *
     * @param protocols those of the listening socket
     * @param onFound called with the protocol before its handlers are added
     * @param progress told of the protocol's handshake
     */
    FirstByte(List<TcpProtocol> protocols, Consumer<TcpProtocol> onFound, HandshakeProgress progress) {
        this.protocols = protocols;
        this.onFound = onFound;
        this.progress = progress;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (found) {
            return; // these bytes belong to the next handlers
        }
        found = true;
        int first = in.getUnsignedByte(in.readerIndex());
        protocols.stream()
                .filter(protocol -> protocol.firstByte() == first)
                .findFirst()
                .ifPresentOrElse(protocol -> install(ctx, protocol), () -> refuse(ctx, first));
    }

    private void install(ChannelHandlerContext ctx, TcpProtocol protocol) {
        onFound.accept(protocol);
        List<ChannelHandler> handlers = protocol.listenerHandlers(ctx.channel(), progress);
        for (int index = handlers.size() - 1; index >= 0; index--) {
            ctx.pipeline().addAfter(ctx.name(), null, handlers.get(index));
        }
        if (handlers.isEmpty()) {
            progress.onReady();
        }
        ctx.pipeline().remove(this);
    }

    private void refuse(ChannelHandlerContext ctx, int first) {
        ctx.fireExceptionCaught(new UpgradeException(
                UpgradeException.Reason.NEGOTIATION,
                "the first byte is 0x" + Integer.toHexString(first) + ", and that of no transport here: "
                        + protocols.stream().map(TcpProtocol::transportName).collect(Collectors.joining(", ")),
                null));
    }
}

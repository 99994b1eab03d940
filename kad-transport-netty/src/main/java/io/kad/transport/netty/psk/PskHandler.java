package io.kad.transport.netty.psk;

import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * Cipher of one connection: XSalsa20 in each direction, whose sender chooses a nonce and sends it first. What follows begins with the header of
 * multistream-select, so that a remote peer with another key is found at once.
 */
final class PskHandler extends ChannelDuplexHandler {

    /** Bytes of a nonce. */
    static final int NONCE_BYTES = 24;

    private static final byte[] HEADER = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyParameter key;
    private final XSalsa20Engine sending = new XSalsa20Engine();
    private final XSalsa20Engine receiving = new XSalsa20Engine();
    private final byte[] remoteNonce = new byte[NONCE_BYTES];
    private boolean hasSent;
    private int nonceBytes;
    /** Bytes of the header that were received. */
    private int headerBytes;

    private boolean failed;

    PskHandler(KeyParameter key) {
        this.key = key;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf plain)) {
            ctx.write(message, promise); // of a handshake below this one, which writes from the end of the pipeline
            return;
        }
        try {
            int size = plain.readableBytes();
            ByteBuf sent = ctx.alloc().heapBuffer(size + (hasSent ? 0 : NONCE_BYTES));
            if (!hasSent) {
                hasSent = true;
                byte[] nonce = new byte[NONCE_BYTES];
                RANDOM.nextBytes(nonce);
                sending.init(true, new ParametersWithIV(key, nonce));
                sent.writeBytes(nonce);
            }
            ctx.write(sent.writeBytes(process(sending, plain)), promise);
        } finally {
            plain.release();
        }
    }

    private static byte[] process(XSalsa20Engine cipher, ByteBuf in) {
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        cipher.processBytes(bytes, 0, bytes.length, bytes, 0);
        return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (nonceBytes < NONCE_BYTES) {
                int taken = Math.min(NONCE_BYTES - nonceBytes, in.readableBytes());
                in.readBytes(remoteNonce, nonceBytes, taken);
                nonceBytes += taken;
                if (nonceBytes == NONCE_BYTES) {
                    receiving.init(false, new ParametersWithIV(key, remoteNonce));
                }
            }
            if (!failed && in.isReadable()) {
                byte[] plain = process(receiving, in);
                if (hasKey(plain)) {
                    ctx.fireChannelRead(ctx.alloc().heapBuffer(plain.length).writeBytes(plain));
                } else {
                    failed = true;
                    ctx.fireExceptionCaught(new UpgradeException(
                            UpgradeException.Reason.NEGOTIATION,
                            "the remote peer has another pre-shared key (psk), or none",
                            null));
                }
            }
        } finally {
            in.release();
        }
    }

    /** Says what may be the reason, as a remote peer with another key sees nothing but garbage. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!failed && !remoteHasKey()) {
            ctx.fireExceptionCaught(new UpgradeException(
                    UpgradeException.Reason.CLOSED,
                    "the remote peer has closed the connection" + PreSharedKey.suspicion(ctx.channel()),
                    null));
        }
        ctx.fireChannelInactive();
    }

    /** Returns whether the whole header was received. */
    boolean remoteHasKey() {
        return headerBytes == HEADER.length;
    }

    /** Returns whether bytes that follow those before them are the header of multistream-select, or behind that. */
    private boolean hasKey(byte[] plain) {
        for (int index = 0; index < plain.length && headerBytes < HEADER.length; index++) {
            if (plain[index] != HEADER[headerBytes]) {
                return false;
            }
            headerBytes++;
        }
        return true;
    }
}

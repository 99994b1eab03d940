package io.kad.transport.netty.quic;

import io.kad.transport.netty.limit.RemoteSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proof of addresses by Retry packets: while many handshakes are unfinished, or some of its address range, or after many of its host, a remote
 * peer has to come again with a token that was sent to its address. The packets with forged addresses then cost a Retry each and no memory. At
 * other times nobody is asked, as it costs an RTT.
 *
 * <p>A token is a time, an HMAC of it with the address and the connection ID, and the connection ID. Its key is made with this object.
 * Confined to the event loop of one socket.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000#section-8.1.2">RFC 9000, address validation using Retry packets</a>
 */
final class RetryTokens implements QuicTokenHandler {

    /** Time in which a token must come back. */
    static final Duration LIFETIME = Duration.ofSeconds(10);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int TIME_BYTES = Long.BYTES;
    private static final int MAC_BYTES = 32;
    private static final int PREFIX_BYTES = TIME_BYTES + MAC_BYTES;

    private final HalfOpenHandshakes handshakes;
    private final LongSupplier nanoTime;
    private final SecretKeySpec key;
    private boolean proven;

    /**
     * Creates tokens with a key of their own.
     *
     * @param handshakes says whether to ask for a proof
     */
    RetryTokens(HalfOpenHandshakes handshakes) {
        this(handshakes, System::nanoTime);
    }

    RetryTokens(HalfOpenHandshakes handshakes, LongSupplier nanoTime) {
        this.handshakes = handshakes;
        this.nanoTime = nanoTime;
        byte[] secret = new byte[MAC_BYTES];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        proven = false;
        if (!handshakes.mustProve(RemoteSource.of(address))) {
            return false;
        }
        byte[] connectionId = ByteBufUtil.getBytes(dcid);
        long time = nanoTime.getAsLong();
        out.writeLong(time).writeBytes(mac(time, connectionId, address)).writeBytes(connectionId);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        proven = false;
        int size = token.readableBytes();
        if (size < PREFIX_BYTES || size > maxTokenLength() || handshakes.areTooMany()) {
            return -1;
        }
        long time = token.getLong(token.readerIndex());
        byte[] received = ByteBufUtil.getBytes(token, token.readerIndex() + TIME_BYTES, MAC_BYTES);
        byte[] connectionId = ByteBufUtil.getBytes(token, token.readerIndex() + PREFIX_BYTES, size - PREFIX_BYTES);
        long age = nanoTime.getAsLong() - time;
        boolean valid = age >= 0
                && age <= LIFETIME.toNanos()
                && MessageDigest.isEqual(received, mac(time, connectionId, address));
        proven = valid;
        return valid ? PREFIX_BYTES : -1;
    }

    /**
     * Returns whether the remote peer of a new connection has proved its address. To be asked by the first handler of that connection when it is
     * added: Netty makes the connection in the same call in which it has written or validated a token here.
     */
    boolean isProven() {
        return proven;
    }

    @Override
    public int maxTokenLength() {
        return PREFIX_BYTES + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] mac(long time, byte[] connectionId, InetSocketAddress address) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] ip = address.getAddress().getAddress();
            mac.update(ByteBuffer.allocate(TIME_BYTES + Integer.BYTES + 1 + ip.length)
                    .putLong(time)
                    .putInt(address.getPort())
                    .put((byte) ip.length)
                    .put(ip)
                    .flip());
            mac.update(connectionId);
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform has HMAC with SHA-256", impossible);
        }
    }
}

package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.transport.netty.support.FuzzInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.Quic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens that come back in packets of QUIC. An input has an address, a connection ID, the time until the token comes back, and what is changed in it:
 * where, to which length, and from which address it comes.
 */
class RetryTokensFuzzTest {

    private final AtomicLong nanos = new AtomicLong();
    private final HalfOpenHandshakes handshakes = new HalfOpenHandshakes(1, 4, nanos::get);
    private final RetryTokens tokens = new RetryTokens(handshakes, nanos::get);

    static Stream<byte[]> seeds() {
        return Stream.of(
                new byte[] {0},
                new byte[] {0, 1, 2, 3, 4, 5, 6, 8, 1, 2, 3, 4, 5, 6, 7, 8},
                new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 20},
                new byte[] {0, 1, 2, 3, 4, 5, 6, 0, 0, 11, 0, 0});
    }

    @MethodSource("seeds")
    @FuzzTest
    void onlyAnUnchangedTokenInTimeFromItsAddressIsValid(byte[] input) throws UnknownHostException {
        FuzzInput in = new FuzzInput(input);
        InetSocketAddress address = address(in);
        byte[] connectionId = in.next((long) in.next(Quic.MAX_CONN_ID_LEN + 1));
        Duration time = Duration.ofSeconds(in.next());
        handshakes.begin();
        byte[] issued = issue(connectionId, address);
        nanos.addAndGet(time.toNanos());
        byte[] returned = changed(issued, in);
        InetSocketAddress from = in.next(2) == 0 ? address : address(in);
        boolean expected =
                Arrays.equals(issued, returned) && from.equals(address) && time.compareTo(RetryTokens.LIFETIME) <= 0;

        ByteBuf token = Unpooled.wrappedBuffer(returned);
        int offset = tokens.validateToken(token, from);
        assertThat(offset >= 0).isEqualTo(expected).isEqualTo(tokens.isProven());
        if (expected) {
            assertThat(ByteBufUtil.getBytes(token, offset, returned.length - offset))
                    .isEqualTo(connectionId);
        }
        assertThat(token.readableBytes()).isEqualTo(returned.length);
        assertThat(token.refCnt()).isOne();
        byte[] forged = in.rest();
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(forged), address))
                .isNegative();
        handshakes.end();
        assertThat(handshakes.areMany()).isFalse();
    }

    private byte[] issue(byte[] connectionId, InetSocketAddress address) {
        ByteBuf out = Unpooled.buffer();
        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(connectionId), address))
                .isTrue();
        assertThat(out.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
        return ByteBufUtil.getBytes(out);
    }

    private static InetSocketAddress address(FuzzInput in) throws UnknownHostException {
        int size = in.next(2) == 0 ? 4 : 16;
        byte[] ip = Arrays.copyOf(in.next((long) size), size);
        return new InetSocketAddress(InetAddress.getByAddress(ip), in.nextTwo(1 << 16));
    }

    private static byte[] changed(byte[] token, FuzzInput in) {
        byte[] changed = token.clone();
        changed[in.next(token.length)] ^= (byte) in.next();
        int more = in.next();
        return more == 0 ? changed : Arrays.copyOf(changed, Math.floorMod(changed.length + (byte) more, 256));
    }
}

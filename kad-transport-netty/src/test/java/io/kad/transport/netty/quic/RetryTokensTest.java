package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTokensTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.1", 4001);
    private static final byte[] CONNECTION_ID = {1, 2, 3, 4, 5, 6, 7, 8};

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // such a clock may overflow
    private final HalfOpenHandshakes handshakes = new HalfOpenHandshakes(2, 4);
    private final RetryTokens tokens = new RetryTokens(handshakes, nanos::get);

    private byte[] token(InetSocketAddress address) {
        ByteBuf out = Unpooled.buffer();
        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(CONNECTION_ID), address))
                .isTrue();
        return ByteBufUtil.getBytes(out);
    }

    private void beginMany() {
        handshakes.begin();
        handshakes.begin();
    }

    @Test
    void nobodyIsAskedWhileFewHandshakesAreUnfinished() {
        ByteBuf out = Unpooled.buffer();
        handshakes.begin();
        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(CONNECTION_ID), ADDRESS))
                .isFalse();
        assertThat(out.isReadable()).isFalse();
        handshakes.begin();
        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(CONNECTION_ID), ADDRESS))
                .isTrue();
        handshakes.end();
        assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(CONNECTION_ID), ADDRESS))
                .isFalse();
    }

    @Test
    void aTokenThatComesBackFromItsAddressIsValidAndHasTheConnectionId() {
        beginMany();
        byte[] token = token(ADDRESS);
        assertThat(token.length).isLessThanOrEqualTo(tokens.maxTokenLength());
        nanos.addAndGet(RetryTokens.LIFETIME.toNanos());
        int offset = tokens.validateToken(Unpooled.wrappedBuffer(token), ADDRESS);
        assertThat(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(token), offset, token.length - offset))
                .isEqualTo(CONNECTION_ID);
    }

    @Test
    void aTokenIsValidForItsTimeAddressAndPortOnly() {
        beginMany();
        byte[] token = token(ADDRESS);
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(token), new InetSocketAddress("192.0.2.2", 4001)))
                .isNegative();
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(token), new InetSocketAddress("192.0.2.1", 4002)))
                .isNegative();
        assertThat(new RetryTokens(handshakes, nanos::get).validateToken(Unpooled.wrappedBuffer(token), ADDRESS))
                .as("the key of another process")
                .isNegative();
        nanos.addAndGet(RetryTokens.LIFETIME.toNanos() + 1);
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(token), ADDRESS)).isNegative();
    }

    @Test
    void noPartOfATokenCanBeChanged() {
        beginMany();
        byte[] token = token(ADDRESS);
        for (int at = 0; at < token.length; at++) {
            byte[] changed = token.clone();
            changed[at] ^= 1;
            assertThat(tokens.validateToken(Unpooled.wrappedBuffer(changed), ADDRESS))
                    .as("byte %d", at)
                    .isNegative();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 39, 61, 1000})
    void garbageIsNoToken(int length) {
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(new byte[length]), ADDRESS))
                .isNegative();
    }

    @Test
    void noTokenIsValidWhileTooManyHandshakesAreUnfinished() {
        beginMany();
        byte[] token = token(ADDRESS);
        beginMany();
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(token), ADDRESS)).isNegative();
        handshakes.end();
        assertThat(tokens.validateToken(Unpooled.wrappedBuffer(token), ADDRESS)).isPositive();
    }

    @Test
    void theLimitMustExceedTheNumberFromWhichOnPeersAreAsked() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HalfOpenHandshakes(2, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new HalfOpenHandshakes(0, 2));
    }
}

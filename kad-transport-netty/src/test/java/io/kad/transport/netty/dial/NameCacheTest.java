package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.transport.netty.TransportLimits;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameCacheTest {

    private final EventLoop loop = new DefaultEventLoop();

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static InetAddress ip(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
    }

    @Test
    void itKeepsSoManyNames() throws Exception {
        NameCache cache = new NameCache(3);
        for (int number = 1; number <= 100; number++) {
            cache.cache("host-" + number + ".example", null, ip(number), 3600, loop);
        }
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get("host-97.example", null)).isNullOrEmpty();
        assertThat(cache.get("host-98.example", null)).hasSize(1);
        assertThat(cache.get("host-100.example", null)).hasSize(1);
    }

    @Test
    void aNameHasSoManyAddresses() throws Exception {
        NameCache cache = new NameCache(3);
        for (int number = 1; number <= 100; number++) {
            assertThat(cache.cache("host.example", null, ip(number), 3600, loop).address())
                    .isEqualTo(ip(number));
        }
        assertThat(cache.get("host.example", null)).hasSize(TransportLimits.MAX_ADDRESSES_PER_NAME);
    }

    @Test
    void theCaseOfANameMakesNoOtherName() throws Exception {
        NameCache cache = new NameCache(3);
        for (int number = 1; number <= 100; number++) {
            cache.cache("Host-" + number + ".example", null, ip(number), 3600, loop);
        }
        assertThat(cache.get("Host-97.example", null)).isNullOrEmpty();
        assertThat(cache.get("hOST-100.example", null)).hasSize(1);
    }

    @Test
    void failuresCountAsNames() {
        NameCache cache = new NameCache(3);
        for (int number = 1; number <= 100; number++) {
            cache.cache("host-" + number + ".example", null, new UnknownHostException("no such host"), loop);
        }
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get("host-1.example", null)).isNullOrEmpty();
        assertThat(cache.get("host-100.example", null)).hasSize(1);
        assertThat(cache.clear("Host-100.example")).isTrue();
        assertThat(cache.size()).isEqualTo(2);
        assertThat(cache.get("host-100.example", null)).isNullOrEmpty();
    }
}

package io.kad.transport.netty.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TxtCacheTest {

    private static final List<Multiaddr> ONE = List.of(Multiaddr.parse("/ip4/198.18.0.1/tcp/1"));

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void anAnswerIsKeptForItsTimeAndAnHourAtMost() {
        TxtCache cache = new TxtCache(8, nanos::get);
        cache.put("short", ONE, 30);
        cache.put("long", ONE, 1_000_000);
        pass(29);
        assertThat(cache.get("short")).contains(ONE);
        pass(1);
        assertThat(cache.get("short")).isEmpty();
        pass(TxtCache.MAX_TTL_SECONDS - 31);
        assertThat(cache.get("long")).contains(ONE);
        pass(1);
        assertThat(cache.get("long")).isEmpty();
        assertThat(cache.size()).isZero();
    }

    @Test
    void thatANameHasNoneIsKeptForTenSeconds() {
        TxtCache cache = new TxtCache(8, nanos::get);
        cache.put("none", List.of(), 1_000_000);
        pass(9);
        assertThat(cache.get("none")).contains(List.of());
        pass(1);
        assertThat(cache.get("none")).isEmpty();
    }

    @Test
    void itKeepsSoManyNames() {
        TxtCache cache = new TxtCache(2, nanos::get);
        cache.put("a", ONE, 60);
        cache.put("b", ONE, 60);
        cache.put("a", ONE, 60);
        cache.put("c", ONE, 60);
        assertThat(cache.size()).isEqualTo(2);
        assertThat(cache.get("b")).isEmpty();
        assertThat(cache.get("a")).contains(ONE);
    }

    @Test
    void itKeepsSoManyBytes() {
        TxtCache cache = new TxtCache(1000, nanos::get);
        List<Multiaddr> large = IntStream.range(0, TxtResolver.MAX_ADDRESSES)
                .mapToObj(number -> Multiaddr.parse("/dns4/" + "a".repeat(1000) + number % 10))
                .toList();
        for (int name = 0; name < 100; name++) {
            cache.put("n" + name, large, 60);
        }
        long size = large.stream().mapToLong(address -> address.bytes().size()).sum();
        assertThat(cache.size() * size).isBetween(1L, TxtCache.MAX_BYTES);
        assertThat(cache.get("n99")).contains(large);
    }

    @Test
    void addressesThatAreShortCountWithWhatTheyCost() {
        TxtCache cache = new TxtCache(1000, nanos::get);
        List<Multiaddr> small = IntStream.range(0, TxtResolver.MAX_ADDRESSES)
                .mapToObj(port -> Multiaddr.parse("/ip4/198.18.0.1/tcp/" + port))
                .toList();
        for (int name = 0; name < 100; name++) {
            cache.put("n" + name, small, 60);
        }
        assertThat((long) cache.size() * small.size() * TxtCache.ADDRESS_BYTES).isBetween(1L, TxtCache.MAX_BYTES);
        assertThat(cache.get("n99")).contains(small);
    }
}

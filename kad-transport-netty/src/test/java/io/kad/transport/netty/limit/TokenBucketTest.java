package io.kad.transport.netty.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest {

    @ParameterizedTest
    @CsvSource({"12, PT1H", "1800000, PT90M", "14400000, PT11M", "14400000, P30D", "100000000, P3650D"})
    void aBucketIsFullAfterAnyTimeInWhichNobodyTookATokenOfIt(int perMinute, Duration idle) {
        TokenBucket bucket = new TokenBucket(perMinute, 0);
        assertThat(bucket.tryTake(0)).isTrue();
        long later = idle.toNanos();
        assertThat(bucket.isFull(later)).isTrue();
        assertThat(bucket.tryTake(later)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, PT59S, false", "1, PT60S, true", "60, PT0.9S, false", "60, PT1S, true"})
    void aTokenReturnsInItsTime(int perMinute, Duration idle, boolean returned) {
        TokenBucket bucket = new TokenBucket(perMinute, 0);
        for (int taken = 0; taken < perMinute; taken++) {
            assertThat(bucket.tryTake(0)).isTrue();
        }
        assertThat(bucket.tryTake(idle.toNanos())).isEqualTo(returned);
    }
}

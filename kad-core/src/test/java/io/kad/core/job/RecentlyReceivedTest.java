package io.kad.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import org.junit.jupiter.api.Test;

class RecentlyReceivedTest {

    private final RecentlyReceived received = new RecentlyReceived();

    private static RecordKey key(int number) {
        return RecordKey.of(Bytes.utf8("/app/" + number));
    }

    @Test
    void aKeyIsPassedOverInOneRun() {
        received.add(key(1).kadKey());
        received.begin();
        received.add(key(2).kadKey());
        assertThat(received.contains(key(1))).isTrue();
        assertThat(received.contains(key(2))).isTrue();
        received.begin();
        assertThat(received.contains(key(1))).isFalse();
        assertThat(received.contains(key(2))).isTrue();
        received.begin();
        assertThat(received.contains(key(2))).isFalse();
    }

    @Test
    void noMoreKeysThanTheLimitAreRemembered() {
        for (int number = 0; number <= RecentlyReceived.MAX_KEYS; number++) {
            received.add(key(number).kadKey());
        }
        assertThat(received.contains(key(RecentlyReceived.MAX_KEYS - 1))).isTrue();
        assertThat(received.contains(key(RecentlyReceived.MAX_KEYS))).isFalse();
    }
}

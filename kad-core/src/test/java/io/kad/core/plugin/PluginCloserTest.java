package io.kad.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.core.runtime.RecordedLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PluginCloserTest {

    @Test
    void aPluginThatBlocksInCloseIsNamedInOneWarningAndNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        try (RecordedLog log = new RecordedLog(PluginCloser.class)) {
            PluginCloser.waitingUpTo(Duration.ofMillis(50)).close("a.broken.Store", never::await);

            assertThat(log.lines)
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("WARN").contains("a.broken.Store"));
        } finally {
            never.countDown();
        }
    }

    @Test
    void aPluginThatThrowsInCloseIsNamedInOneWarning() {
        try (RecordedLog log = new RecordedLog(PluginCloser.class)) {
            PluginCloser.waitingUpTo(PluginCloser.LIMIT).close("a.broken.Store", () -> {
                throw new NoClassDefFoundError("no/such/Driver");
            });

            assertThat(log.lines)
                    .singleElement()
                    .satisfies(line -> assertThat(line).startsWith("WARN").contains("a.broken.Store"));
        }
    }
}

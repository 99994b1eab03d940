package io.kad.transport.netty.limit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kad.api.KademliaConfig;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Counters and log lines of limits. */
class LimitCountersTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(LimitCounters.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nanos = -5;
    private final LimitCounters counters = new LimitCounters(() -> nanos);

    @BeforeEach
    void record() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void forget() {
        logger.detachAppender(lines);
    }

    @Test
    void aLimitThatBitesOftenIsLoggedOnceAMinute() {
        for (int count = 0; count < 1000; count++) {
            counters.countAndLog(LimitId.SEND_BYTES, "closed the connection to X");
        }
        counters.countAndLog(LimitId.WRITE_TIMEOUT, "closed the connection to Y");
        nanos += TimeUnit.MINUTES.toNanos(1);
        counters.countAndLog(LimitId.SEND_BYTES, "closed the connection to Z");

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "limit reached (max-send-bytes): closed the connection to X; 1 times so far",
                        "limit reached (write-timeout): closed the connection to Y; 1 times so far",
                        "limit reached (max-send-bytes): closed the connection to Z; 1001 times so far");
        assertThat(counters.all()).containsEntry("limit-send-bytes", 1001L).hasSize(LimitId.values().length);
    }

    @Test
    void eachLimitThatIsNotFixedNamesAnOption() {
        for (LimitId limit : LimitId.values()) {
            if (!limit.option().equals("fixed")) {
                assertThat(KademliaConfig.options())
                        .extracting(Object::toString)
                        .contains(limit.option());
            }
        }
    }
}

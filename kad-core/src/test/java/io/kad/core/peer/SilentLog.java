package io.kad.core.peer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Keeps the logs of the driver and of metrics silent in tests that provoke what they report as defects. */
public final class SilentLog implements BeforeAllCallback, AfterAllCallback {

    private final List<Logger> loggers = Stream.of("io.kad.core.runtime", "io.kad.core.metrics")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();

    @Override
    public void beforeAll(ExtensionContext context) {
        loggers.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        loggers.forEach(logger -> logger.setLevel(null));
    }
}

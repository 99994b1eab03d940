package io.kad.node.output;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Configuration of the log of the program: to standard error, as standard output belongs to answers. Found by {@link java.util.ServiceLoader}.
 *
 * <p>It is code, as reading one from XML takes a quarter of the start of a short command. A file that {@code logback.configurationFile} names is
 * used instead. The environment variable {@code KAD_LOG} sets the level of everything but Netty.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class LogConfiguration extends ContextAwareBase implements Configurator {

    private static final String FILE_PROPERTY = "logback.configurationFile";
    private static final String LEVEL_VARIABLE = "KAD_LOG";
    private static final String TRANSPORT = "io.kad.transport";
    private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} - %msg%n";

    /** Called by {@link java.util.ServiceLoader}. */
    public LogConfiguration() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty(FILE_PROPERTY) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        set(context, levels(System.getenv(LEVEL_VARIABLE)));
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(standardError(context));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Makes the log say what the transport of a node found on this machine: a node runs for long. A one-shot command says its answer, and what is
     * wrong. Does nothing if the user chose the level or the configuration.
     */
    public static void showTransport() {
        if (!isLevel(System.getenv(LEVEL_VARIABLE))
                && System.getProperty(FILE_PROPERTY) == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            set(context, Map.of(TRANSPORT, Level.INFO));
        }
    }

    /** Returns whether {@code text} is a level; an empty variable chooses none. */
    static boolean isLevel(@Nullable String text) {
        return Level.toLevel(text, null) != null;
    }

    /** Returns the level of each logger that has one of its own; {@code chosen} is the level that the user wants, null for none. */
    static Map<String, Level> levels(@Nullable String chosen) {
        Level others = Level.toLevel(chosen, Level.INFO);
        // Which plug-ins are used, and that nothing is kept: a node says that itself, and one-shot commands need not
        Level library = Level.toLevel(chosen, Level.WARN);
        return Map.of(
                "io.netty",
                Level.WARN,
                "io.kad.core",
                library,
                "io.kad.store",
                library,
                TRANSPORT,
                library,
                Logger.ROOT_LOGGER_NAME,
                others);
    }

    private static void set(LoggerContext context, Map<String, Level> levels) {
        levels.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    private static ConsoleAppender<ILoggingEvent> standardError(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("STDERR");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }
}

package io.kad.node.output;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.Configurator;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogConfigurationTest {

    @Test
    void itIsFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(LogConfiguration.class);
    }

    @Test
    void theProgramSaysMoreThanTheLibraryAndNettyLeast() {
        assertThat(LogConfiguration.levels(null))
                .containsEntry(Logger.ROOT_LOGGER_NAME, Level.INFO)
                .containsEntry("io.kad.core", Level.WARN)
                .containsEntry("io.kad.store", Level.WARN)
                .containsEntry("io.kad.transport", Level.WARN)
                .containsEntry("io.netty", Level.WARN);
    }

    @Test
    void theUserChoosesTheLevelOfEverythingButNetty() {
        assertThat(LogConfiguration.levels("debug"))
                .containsEntry(Logger.ROOT_LOGGER_NAME, Level.DEBUG)
                .containsEntry("io.kad.core", Level.DEBUG)
                .containsEntry("io.kad.store", Level.DEBUG)
                .containsEntry("io.kad.transport", Level.DEBUG)
                .containsEntry("io.netty", Level.WARN);
        assertThat(LogConfiguration.levels("nonsense")).isEqualTo(LogConfiguration.levels(null));
    }

    @Test
    void aVariableWithoutALevelChoosesNone() {
        assertThat(Stream.of(null, "", " ", "nonsense")).noneMatch(LogConfiguration::isLevel);
        assertThat(Stream.of("debug", "OFF", "warn")).allMatch(LogConfiguration::isLevel);
    }
}

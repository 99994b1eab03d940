package io.kad.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kad.api.KademliaConfig;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.core.engine.Peers;
import io.kad.core.peer.HeapRecordStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class PluginDiscoveryTest {

    @TempDir
    private Path directory;

    private ProviderJars jars;

    @BeforeEach
    void noJars() {
        jars = new ProviderJars(directory);
    }

    private Class<?> choose() throws Exception {
        return choose("", Optional.empty());
    }

    private Class<?> choose(String wanted, Optional<Path> dataDirectory) throws Exception {
        SpiContext context =
                new SpiContext(Peers.peer(0), InstantSource.system(), dataDirectory, Map.of(), Runnable::run);
        KademliaConfig config = KademliaConfig.builder()
                .set(KademliaConfig.RECORD_STORE, wanted)
                .build();
        return jars.with(
                () -> new PluginDiscovery(context, config).recordStore().getClass());
    }

    private ProviderJars jar(Class<?>... providers) throws Exception {
        return jars.add(RecordStoreProvider.class, providers);
    }

    @Test
    void theHighestPriorityIsChosenInWhicheverOrderTheJarsCome() throws Exception {
        jar(RecordStores.Low.class);
        jar(RecordStores.High.class);
        assertThat(choose()).isEqualTo(RecordStores.High.class);

        noJars();
        jar(RecordStores.High.class);
        jar(RecordStores.Low.class);
        assertThat(choose()).isEqualTo(RecordStores.High.class);
    }

    @Test
    void theNameInTheConfigurationWinsOverPriority() throws Exception {
        jar(RecordStores.Low.class, RecordStores.High.class);

        assertThat(choose("low", Optional.empty())).isEqualTo(RecordStores.Low.class);
    }

    @Test
    void anEqualHighestPriorityIsAnErrorThatNamesClassAndJarOfEach() throws Exception {
        jar(RecordStores.High.class, RecordStores.AlsoHigh.class, RecordStores.Low.class);

        assertThatThrownBy(this::choose)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("record store")
                .hasMessageContaining(RecordStores.High.class.getName())
                .hasMessageContaining(RecordStores.AlsoHigh.class.getName())
                .hasMessageContaining(RecordStores.High.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString())
                .hasMessageContaining("record-store")
                .hasMessageNotContaining(RecordStores.Low.class.getName());
        assertThat(choose("also-high", Optional.empty())).isEqualTo(RecordStores.AlsoHigh.class);
    }

    @Test
    void aNameThatNobodyHasIsAnErrorThatListsWhatIsThere() throws Exception {
        jar(RecordStores.High.class, RecordStores.Durable.class, RecordStores.Broken.class);

        assertThatThrownBy(() -> choose("none-such", Optional.empty()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'none-such'")
                .hasMessageContaining("'high'")
                .hasMessageContaining("there is no data directory")
                .hasMessageContaining("broken: ")
                .hasMessageContaining(RecordStores.Broken.class.getName());
    }

    @Test
    void aNameThatTwoHaveIsAnError() throws Exception {
        jar(RecordStores.High.class, RecordStores.AnotherHigh.class);

        assertThatThrownBy(() -> choose("high", Optional.empty()))
                .hasMessageContaining("more than one record store 'high' (record-store); known: ")
                .hasMessageContaining(RecordStores.AnotherHigh.class.getName());
    }

    @Test
    void aStoreOnADiskIsUsedOnlyWhereThereIsADirectory() throws Exception {
        jar(RecordStores.Low.class, RecordStores.Durable.class);

        assertThat(choose("", Optional.empty())).isEqualTo(RecordStores.Low.class);
        assertThat(choose("", Optional.of(directory))).isEqualTo(RecordStores.Durable.class);
        assertThatThrownBy(() -> choose("durable", Optional.empty()))
                .hasMessageContaining("there is no data directory");
    }

    @Test
    void theOnlyStoreThatLacksSomethingIsNamedWithThatBeforeOtherRemedies() throws Exception {
        jar(RecordStores.Durable.class);

        assertThatThrownBy(() -> choose("", Optional.empty()))
                .hasMessageMatching("no record store is available: 'durable' \\(.*not available: there is no data"
                        + " directory\\); or pass one to the builder, or add the module of another one to the path");
    }

    @Test
    void nothingAtAllIsAnErrorThatSaysWhatToDo() {
        assertThatThrownBy(this::choose)
                .hasMessageContaining("no record store is available")
                .hasMessageContaining("found: none");
    }

    @Test
    void onlyWhatIsNotAvailableIsAnErrorThatSaysWhy() throws Exception {
        jar(RecordStores.Durable.class, RecordStores.Undecided.class);

        assertThatThrownBy(this::choose)
                .hasMessageContaining("there is no data directory")
                .hasMessageContaining("can't tell");
    }

    @Test
    void aBrokenProviderIsPassedOverWithOneWarningIfAnotherOneIsNamed() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(DiscoveredProviders.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        try {
            jar(RecordStores.Broken.class, RecordStores.Low.class);
            jars.add(RecordStoreProvider.class, "no.such.Provider", String.class.getName());

            assertThat(choose("low", Optional.empty())).isEqualTo(RecordStores.Low.class);
            assertThat(choose("low", Optional.empty())).isEqualTo(RecordStores.Low.class);
        } finally {
            logger.detachAppender(log);
            logger.setAdditive(true);
        }

        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.contains(RecordStores.Broken.class.getName()))
                .hasSize(1);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("no.such.Provider"));
    }

    @Test
    void aProviderThatFailsToLoadIsAnErrorThatNamesFileAndLine() throws Exception {
        for (String broken :
                List.of("no.such.Provider", HeapRecordStore.class.getName(), RecordStores.Broken.class.getName())) {
            noJars();
            jar(RecordStores.Low.class);
            jars.add(RecordStoreProvider.class, "# a comment", RecordStores.High.class.getName(), broken);

            assertThatThrownBy(this::choose)
                    .as(broken)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot load record store: ")
                    .hasMessageContaining(broken)
                    .hasMessageContaining("jar1/META-INF/services/" + RecordStoreProvider.class.getName() + " line 3");
        }
    }

    @Test
    void aProviderWhoseCheckFailsIsNotReplacedInSilence() throws Exception {
        jar(RecordStores.Low.class, RecordStores.Undecided.class);

        assertThatThrownBy(this::choose)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(RecordStores.Undecided.class.getName())
                .hasMessageContaining("can't tell");
        assertThat(choose("low", Optional.empty())).isEqualTo(RecordStores.Low.class);
    }

    @Test
    void aServiceFileOfRubbishDoesNotHideTheOthers() throws Exception {
        jars.add(RecordStoreProvider.class, "this is no class name");
        jar(RecordStores.Low.class);

        assertThatThrownBy(() -> choose("none-such", Optional.empty())).hasMessageContaining("'low'");
    }

    /** Gate that a jar has. */
    public static final class DiscoveredGate implements ConnectionGate {}

    @Test
    void everyConnectionGateIsLoaded() throws Exception {
        jars.add(ConnectionGate.class, DiscoveredGate.class);
        assertThat(jars.with(PluginDiscovery::connectionGates))
                .hasSize(1)
                .first()
                .isInstanceOf(ConnectionGate.class);
    }

    @Test
    void everyValidatorIsLoaded() throws Exception {
        jars.add(RecordValidator.class, NamespaceValidators.First.class);
        jars.add(RecordValidator.class, NamespaceValidators.Second.class);

        assertThat(jars.with(PluginDiscovery::validators))
                .extracting(RecordValidator::namespace)
                .containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void twoValidatorsOfOneNamespaceAreAnErrorThatNamesBoth() throws Exception {
        jars.add(RecordValidator.class, NamespaceValidators.First.class, NamespaceValidators.AnotherFirst.class);

        assertThatThrownBy(() -> jars.with(PluginDiscovery::validators))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'first'")
                .hasMessageContaining(NamespaceValidators.First.class.getName())
                .hasMessageContaining(NamespaceValidators.AnotherFirst.class.getName());
    }

    @Test
    void aBrokenValidatorIsAnErrorAsEachIsWanted() throws Exception {
        jars.add(RecordValidator.class, "no.such.Validator");

        assertThatThrownBy(() -> jars.with(PluginDiscovery::validators))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no.such.Validator");
    }
}

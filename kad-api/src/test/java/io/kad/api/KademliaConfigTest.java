package io.kad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KademliaConfigTest {

    private static final KademliaConfig DEFAULTS = KademliaConfig.builder().build();

    @Test
    void countsHaveTheDefaultsOfRust() {
        assertThat(DEFAULTS.get(KademliaConfig.K)).isEqualTo(20);
        assertThat(DEFAULTS.get(KademliaConfig.ALPHA)).isEqualTo(3);
        assertThat(DEFAULTS.get(KademliaConfig.BUCKET_SIZE)).isEqualTo(20);
        assertThat(DEFAULTS.get(KademliaConfig.DISJOINT_PATHS)).isEqualTo(1);
        assertThat(DEFAULTS.get(KademliaConfig.MAX_CACHE_PEERS)).isEqualTo(1);
        assertThat(DEFAULTS.get(KademliaConfig.BUCKET_INSERTS)).isEqualTo(BucketInserts.ON_CONNECTED);
        assertThat(DEFAULTS.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES)).isEqualTo(16 * 1024);
    }

    @Test
    void timesHaveTheDefaultsOfRust() {
        assertThat(DEFAULTS.get(KademliaConfig.QUERY_TIMEOUT)).isEqualTo(Duration.ofSeconds(60));
        assertThat(DEFAULTS.get(KademliaConfig.REQUEST_TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
        assertThat(DEFAULTS.get(KademliaConfig.PENDING_TIMEOUT)).isEqualTo(Duration.ofSeconds(60));
        assertThat(DEFAULTS.get(KademliaConfig.RECORD_TTL)).contains(Duration.ofDays(2));
        assertThat(DEFAULTS.get(KademliaConfig.PROVIDER_RECORD_TTL)).contains(Duration.ofDays(2));
        assertThat(DEFAULTS.get(KademliaConfig.REPUBLISH_INTERVAL)).contains(Duration.ofHours(22));
        assertThat(DEFAULTS.get(KademliaConfig.REPLICATE_INTERVAL)).contains(Duration.ofHours(1));
        assertThat(DEFAULTS.get(KademliaConfig.REPROVIDE_INTERVAL)).contains(Duration.ofHours(12));
        assertThat(DEFAULTS.get(KademliaConfig.BOOTSTRAP_INTERVAL)).contains(Duration.ofMinutes(5));
        assertThat(DEFAULTS.get(KademliaConfig.BOOTSTRAP_THROTTLE)).contains(Duration.ofMillis(500));
    }

    @Test
    void aPrivateNetworkHasServersAndAProtocolOfItsOwn() {
        assertThat(DEFAULTS.get(KademliaConfig.MODE)).isEqualTo(Mode.SERVER);
        assertThat(DEFAULTS.get(KademliaConfig.PROTOCOL)).isEqualTo("/kad/1.0.0");
        assertThat(KademliaConfig.of("/app/kad/1.0.0").get(KademliaConfig.PROTOCOL))
                .isEqualTo("/app/kad/1.0.0");
        assertThat(DEFAULTS.get(KademliaConfig.MAX_MESSAGE_BYTES)).isEqualTo(4 << 20);
    }

    @Test
    void everyOptionIsListedOnceAndHasANameOfItsOwn() {
        List<Object> declared = Stream.of(KademliaConfig.class, TransportOptions.class)
                .flatMap(type -> Arrays.stream(type.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class)
                .map(KademliaConfigTest::valueOf)
                .toList();

        assertThat(List.<Object>copyOf(KademliaConfig.options())).containsExactlyInAnyOrderElementsOf(declared);
        assertThat(KademliaConfig.options())
                .extracting(ConfigOption::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
    }

    private static Object valueOf(java.lang.reflect.Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException notPublic) {
            throw new AssertionError(notPublic);
        }
    }

    @Test
    void aValueIsSetByItsTextAsInAFile() {
        KademliaConfig config = KademliaConfig.builder()
                .set("k", "8")
                .set("mode", "auto")
                .set("query-timeout", "90s")
                .set("record-ttl", "off")
                .set("republish-interval", "PT36H")
                .set("values-enabled", "false")
                .build();

        assertThat(config.get(KademliaConfig.K)).isEqualTo(8);
        assertThat(config.get(KademliaConfig.MODE)).isEqualTo(Mode.AUTO);
        assertThat(config.get(KademliaConfig.QUERY_TIMEOUT)).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.get(KademliaConfig.RECORD_TTL)).isEmpty();
        assertThat(config.get(KademliaConfig.REPUBLISH_INTERVAL)).contains(Duration.ofHours(36));
        assertThat(config.get(KademliaConfig.VALUES_ENABLED)).isFalse();
        assertThat(config).hasToString(config.toBuilder().build().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "record-ttl",
        "provider-record-ttl",
        "republish-interval",
        "replicate-interval",
        "reprovide-interval",
        "bootstrap-interval",
        "bootstrap-throttle"
    })
    void whatIsDoneByItselfCanBeSwitchedOff(String option) {
        assertThat(KademliaConfig.builder().set(option, "off").build())
                .hasToString("KademliaConfig[" + option + "=" + Optional.empty() + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "k, 0",
        "k, 257",
        "alpha, 0",
        "bucket-size, 0",
        "bucket-size, 4097",
        "pending-timeout, 0ms",
        "query-timeout, 0s",
        "query-timeout, forever",
        "request-timeout, 11m",
        "record-ttl, 999ms",
        "disjoint-paths, 17",
        "max-cache-peers, -1",
        "max-message-bytes, 1023",
        "mode, both",
        "bucket-inserts, sometimes",
        "values-enabled, yes",
        "protocol, kad",
        "protocol, '/a b'"
    })
    void aValueOutsideItsRangeIsRefusedByTheNameOfItsOption(String option, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KademliaConfig.builder().set(option, text).build())
                .withMessageStartingWith(option + ": expected ")
                .withMessageContaining(", got '");
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        KademliaConfig.Builder wrong = KademliaConfig.builder()
                .set(KademliaConfig.K, 0)
                .set("alpha", "many")
                .set("colour", "red");

        assertThatIllegalArgumentException()
                .isThrownBy(wrong::build)
                .withMessageContainingAll(
                        "k: expected an integer from 1 to 256, got '0'",
                        "alpha: expected an integer from 1 to 64, got 'many'",
                        "unknown option 'colour'");
    }

    @Test
    void idleConnectionsAreNotKeptAboveTheMarkAtWhichTheyAreClosed() {
        KademliaConfig.Builder high = KademliaConfig.builder().set("connection-low-water-percent", "95");
        assertThatIllegalArgumentException()
                .isThrownBy(high::build)
                .withMessage("connection-low-water-percent (95) must not exceed connection-high-water-percent (90)");

        assertThatNoException()
                .isThrownBy(
                        () -> high.set("connection-high-water-percent", "95").build());
    }

    @Test
    void noMoreIsSentThanIsAccepted() {
        KademliaConfig.Builder small = KademliaConfig.builder().set(KademliaConfig.MAX_MESSAGE_BYTES, 8 * 1024);
        assertThatIllegalArgumentException()
                .isThrownBy(small::build)
                .withMessage("max-sent-message-bytes (16384) must not exceed max-message-bytes (8192)");

        assertThatNoException()
                .isThrownBy(() -> small.set(KademliaConfig.MAX_SENT_MESSAGE_BYTES, 8 * 1024)
                        .build());
    }
}

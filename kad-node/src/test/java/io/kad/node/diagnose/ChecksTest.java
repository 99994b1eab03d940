package io.kad.node.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.transport.netty.limit.LimitId;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks that compare values. */
class ChecksTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    private Path directory;

    private static List<Multiaddr> addresses(String list) {
        return Stream.of(list.split(" "))
                .filter(text -> !text.isEmpty())
                .map(ip -> {
                    if (ip.equals("name")) {
                        return Multiaddr.parse("/dns4/example.org/tcp/4001");
                    }
                    return Multiaddr.parse((ip.contains(":") ? "/ip6/" : "/ip4/") + ip + "/tcp/4001");
                })
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, passed",
        "127.0.0.1 ::1, 192.168.1.4, LOOPBACK_ONLY",
        "127.0.0.1, 8.8.8.8, LOOPBACK_ONLY",
        "127.0.0.1 10.0.0.3, 10.0.0.4, passed",
        "127.0.0.1 10.0.0.3, 127.0.0.1 8.8.8.8, PRIVATE_ONLY",
        "100.64.0.1, 2001:4860:4860::8888, PRIVATE_ONLY",
        "10.0.0.3 8.8.4.4, 8.8.8.8, passed",
        "10.0.0.3 name, 8.8.8.8, passed",
        "10.0.0.3, name, skipped",
        "10.0.0.3, '', skipped",
        "'', 8.8.8.8, NO_ADDRESS",
    })
    void addressesAreThoseThatOthersCanReach(String told, String others, String result) {
        assertThat(resultOf(AddressCheck.of(addresses(told), addresses(others), Mode.SERVER)))
                .isEqualTo(result);
    }

    @Test
    void aClientNeedsNoAddress() {
        for (String told : List.of("", "127.0.0.1", "10.0.0.3", "8.8.4.4")) {
            assertThat(resultOf(AddressCheck.of(addresses(told), addresses("8.8.8.8"), Mode.CLIENT)))
                    .isEqualTo("skipped");
        }
    }

    /** A probe knows no name by which it could check their certificates. */
    @Test
    void listenersOfWebSocketInTlsAreNotDialled() {
        assertThat(List.of(
                        "/ip4/127.0.0.1/tcp/4001/tls/ws",
                        "/ip4/127.0.0.1/tcp/4001/wss",
                        "/ip4/127.0.0.1/tcp/4001/tls/sni/example.org/ws"))
                .allMatch(text -> ListenerCheck.hasCertificate(Multiaddr.parse(text)));
        assertThat(List.of("/ip4/127.0.0.1/tcp/4001", "/ip4/127.0.0.1/tcp/4001/ws", "/ip4/127.0.0.1/udp/4001/quic-v1"))
                .noneMatch(text -> ListenerCheck.hasCertificate(Multiaddr.parse(text)));

        Multiaddr tcp = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
        Multiaddr secure = Multiaddr.parse("/ip4/127.0.0.1/tcp/4002/tls/ws");
        List<Check> checks = ListenerCheck.opened(List.of(tcp, secure), 1);
        assertThat(checks).extracting(ChecksTest::resultOf).containsExactly("passed", "skipped");
        assertThat(checks.get(1).address()).contains(secure);
        assertThat(checks.get(1).detail()).contains("/tls/ws");
        assertThat(ListenerCheck.opened(List.of(), 0))
                .extracting(ChecksTest::resultOf)
                .containsExactly("skipped");
    }

    @Test
    void aFailureWithoutAMessageNamesNoClass() {
        for (Throwable failure : List.of(
                new TimeoutException(), new CancellationException(), new CompletionException(new IOException()))) {
            assertThat(Failures.text(failure)).matches("[a-z ]+");
        }
        assertThat(Failures.text(new IOException("no route"))).isEqualTo("no route");
    }

    private static String resultOf(Check check) {
        return check.isSkipped() ? "skipped" : check.fault().map(Fault::name).orElse("passed");
    }

    private static PeerIdentification signed(OptionalLong sequence) {
        return new PeerIdentification(
                Ed25519Identity.generate(new SecureRandom()).peerId(),
                "",
                "",
                Set.of(),
                List.of(),
                Optional.empty(),
                sequence);
    }

    /** Implementations count in different units. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 1_000_000_000})
    void aTimeThatIsTooFarAheadProvesThatTheClockIsBehind(long unitsInASecond) {
        long limit = NOW.getEpochSecond() + ClockCheck.MAX_AHEAD.toSeconds();
        assertThat(clock(OptionalLong.of(limit * unitsInASecond))).isEqualTo("passed");
        assertThat(clock(OptionalLong.of((limit + 1) * unitsInASecond))).isEqualTo("CLOCK_BEHIND");
        assertThat(clock(OptionalLong.of((limit + 86_400) * unitsInASecond))).isEqualTo("CLOCK_BEHIND");
        long past = NOW.minus(Duration.ofDays(400)).getEpochSecond();
        assertThat(clock(OptionalLong.of(past * unitsInASecond))).isEqualTo("passed");
    }

    private static String clock(OptionalLong sequence) {
        return resultOf(ClockCheck.of(List.of(signed(sequence)), NOW));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999_999_999, 5_000_000_000L, 5_000_000_000_000L, -1, Long.MIN_VALUE})
    void aNumberThatIsNoTimeSaysNothing(long sequence) {
        assertThat(clock(OptionalLong.of(sequence))).isEqualTo("skipped");
        assertThat(clock(OptionalLong.empty())).isEqualTo("skipped");
    }

    @Test
    void theClockOfAMinorityIsItsOwnFault() {
        PeerIdentification exact = signed(OptionalLong.of(NOW.getEpochSecond()));
        PeerIdentification none = signed(OptionalLong.empty());
        PeerIdentification ahead = signed(OptionalLong.of(NOW.getEpochSecond() + 3600));
        Check one = ClockCheck.of(List.of(exact, none, ahead), NOW);
        assertThat(resultOf(one)).isEqualTo("passed");
        assertThat(one.detail()).startsWith("1 of 2 peers signed their addresses up to ");
        Check most = ClockCheck.of(List.of(exact, ahead, none, ahead), NOW);
        assertThat(resultOf(most)).isEqualTo("CLOCK_BEHIND");
        assertThat(most.detail()).startsWith("2 of 3 peers signed their addresses up to ");
        assertThat(resultOf(ClockCheck.of(List.of(none, ahead), NOW))).isEqualTo("CLOCK_BEHIND");
        assertThat(ClockCheck.of(List.of(exact, none), NOW).detail())
                .startsWith("no record was signed in the future of the local clock");
    }

    @Test
    void aDirectoryThatDoesNotExistMustBeMakeable() throws Exception {
        assertThat(resultOf(disk(directory.resolve("a/b")))).isEqualTo("passed");
        assertThat(directory).isEmptyDirectory();
        Path file = Files.createFile(directory.resolve("file"));
        assertThat(resultOf(disk(file.resolve("a")))).isEqualTo("DATA_NOT_DIRECTORY");
    }

    private static Check disk(Path data) {
        return DiskCheck.of(NodeSetup.ofExamined(List.of(), Optional.of(data), List.of(), Optional.empty()));
    }

    @Test
    void onlyLimitsThatRefuseOthersAreFaults() {
        assertThat(resultOf(LimitsCheck.of(Map.of("limit-dial-timeout", 9L), running())))
                .isEqualTo("passed");
        Check check = LimitsCheck.of(
                Map.of("limit-connections", 3L, "limit-requests-per-minute", 2L, "limit-receive-bytes", 0L), running());
        assertThat(check.detail())
                .isEqualTo("since the start " + KademliaConfig.MAX_CONNECTIONS.name()
                        + ": 3 times, max-requests-per-minute: 2 times");
    }

    @Test
    void aDiagnosisTakesNoFaultAwayFromTheNextOne() {
        NodeSetup node = running();
        Map<String, Long> counters = Map.of("limit-connections", 3L);
        Check first = LimitsCheck.of(counters, node);
        node.limits().reported(counters, System.nanoTime());
        assertThat(LimitsCheck.of(counters, node).detail())
                .isEqualTo(first.detail())
                .isEqualTo("since the start max-connections: 3 times");
    }

    @Test
    void aRefusalIsNoFaultForEver() {
        Map<String, Long> counters = Map.of("limit-connections", 3L);
        ReachedLimits limits = new ReachedLimits();
        limits.reported(counters, MINUTE);
        assertThat(count(limits, counters, 11 * MINUTE - 1)).isEqualTo("since the start 3");
        assertThat(count(limits, counters, 11 * MINUTE)).isEqualTo("in the last 10 min 0");
        assertThat(count(limits, Map.of("limit-connections", 5L), 15 * MINUTE)).isEqualTo("in the last 14 min 2");
    }

    /** A monitor may ask every second; somebody who asks once has 10 minutes to see a fault all the same. */
    @Test
    void oftenRepeatedDiagnosesKeepAFaultForTenMinutesAndNoLonger() {
        ReachedLimits limits = new ReachedLimits();
        for (long time = 0; time < 60 * MINUTE; time += MINUTE / 60) {
            Map<String, Long> counters = Map.of("limit-connections", time < 30 * MINUTE ? 0L : 1L);
            String seen = count(limits, counters, time);
            if (time >= 30 * MINUTE && time < 40 * MINUTE) {
                assertThat(seen).endsWith(" 1");
            } else if (time < 30 * MINUTE || time > 41 * MINUTE) {
                assertThat(seen).endsWith(" 0");
            }
            limits.reported(counters, time);
        }
        assertThat(limits.kept()).isLessThanOrEqualTo(11);
    }

    private static String count(ReachedLimits limits, Map<String, Long> counters, long nowNanos) {
        ReachedLimits.Span span = limits.lately(counters, nowNanos);
        return span.text() + " " + span.of(LimitId.CONNECTIONS);
    }

    private static NodeSetup running() {
        return NodeSetup.ofRunning(List.of(), Optional.empty());
    }

    @Test
    void theStepsFitIntoTheTimeOfTheCommand() {
        for (Duration whole : List.of(Duration.ofMillis(5), Duration.ofSeconds(3), Duration.ofMinutes(10))) {
            StepTimes times = StepTimes.within(whole);
            assertThat(times.dial().multipliedBy(2).plus(times.step().multipliedBy(5)))
                    .isLessThanOrEqualTo(whole.plusMillis(7));
            assertThat(times.step()).isPositive();
        }
    }
}

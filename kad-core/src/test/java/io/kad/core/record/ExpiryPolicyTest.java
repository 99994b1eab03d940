package io.kad.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpiryPolicyTest {

    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");
    private static final int K = 20;

    private final ExpiryPolicy twoDays = new ExpiryPolicy(Optional.of(Duration.ofDays(2)), K);

    @ParameterizedTest
    @CsvSource({
        "0, 172800",
        "20, 172800",
        "21, 86400",
        "22, 43200",
        "25, 5400",
        "30, 168",
        "37, 1",
        "38, 0",
        "83, 0",
        "84, 0",
        "5120, 0"
    })
    void eachPeerBeyondKHalvesTheTimeToLive(int peersCloser, long seconds) {
        assertThat(twoDays.expires(Optional.empty(), peersCloser, NOW)).contains(NOW.plusSeconds(seconds));
    }

    @Test
    void theSenderCanShortenTheTimeButNotLengthenIt() {
        Instant sooner = NOW.plusSeconds(5);
        Instant later = NOW.plus(Duration.ofDays(3));

        assertThat(twoDays.expires(Optional.of(sooner), 0, NOW)).contains(sooner);
        assertThat(twoDays.expires(Optional.of(later), 0, NOW)).contains(NOW.plus(Duration.ofDays(2)));
    }

    @Test
    void withoutATimeToLiveTheSendersWordHolds() {
        ExpiryPolicy off = new ExpiryPolicy(Optional.empty(), K);
        Instant sent = NOW.plus(Duration.ofDays(1000));

        assertThat(off.expires(Optional.of(sent), 500, NOW)).contains(sent);
        assertThat(off.expires(Optional.empty(), 500, NOW)).isEmpty();
    }

    @Test
    void fractionsOfASecondAreKeptWhereNothingIsHalved() {
        ExpiryPolicy rule = new ExpiryPolicy(Optional.of(Duration.ofMillis(1500)), K);

        assertThat(rule.expires(Optional.empty(), 20, NOW)).contains(NOW.plusMillis(1500));
        assertThat(rule.expires(Optional.empty(), 21, NOW)).contains(NOW);
    }

    @Test
    void aReceivedRecordIsStampedAndKeepsItsPublisherAndValue() {
        Record received = Record.of(RecordKey.utf8("/app/x"), Bytes.utf8("v"));

        assertThat(twoDays.apply(received, 0, NOW))
                .isEqualTo(received.withExpires(Optional.of(NOW.plus(Duration.ofDays(2))))
                        .withTimeReceived(NOW));
    }

    @Property
    void noRecordIsKeptLongerThanByAPeerThatIsNearer(
            @ForAll @IntRange(max = 200) int peersCloser,
            @ForAll @LongRange(min = 1, max = 100L * 366 * 24 * 3600) long ttlSeconds) {
        ExpiryPolicy rule = new ExpiryPolicy(Optional.of(Duration.ofSeconds(ttlSeconds)), K);

        Instant here = rule.expires(Optional.empty(), peersCloser, NOW).orElseThrow();
        Instant nextFarther =
                rule.expires(Optional.empty(), peersCloser + 1, NOW).orElseThrow();

        assertThat(nextFarther).isBeforeOrEqualTo(here);
        assertThat(here).isAfterOrEqualTo(NOW);
        if (peersCloser <= K) {
            assertThat(here).isEqualTo(NOW.plusSeconds(ttlSeconds));
        } else {
            assertThat(nextFarther.getEpochSecond() - NOW.getEpochSecond())
                    .isEqualTo((here.getEpochSecond() - NOW.getEpochSecond()) / 2);
        }
    }
}

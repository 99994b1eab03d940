package io.kad.api.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records of values and of providers. */
class RecordTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final PeerId PEER =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("somebody")).bytes());
    private static final Instant EXPIRY = Instant.parse("2025-06-01T00:00:00Z");

    @Test
    void aNewOneHasNeitherPublisherNorExpiry() {
        assertThat(Record.of(KEY, Bytes.EMPTY)).satisfies(record -> {
            assertThat(record.publisher()).isEmpty();
            assertThat(record.expires()).isEmpty();
            assertThat(record.timeReceived()).isEmpty();
            assertThat(record.isExpired(Instant.MAX)).isFalse();
        });
    }

    @Test
    void itIsExpiredFromTheVeryInstantOn() {
        Record record = Record.of(KEY, Bytes.utf8("v")).withExpires(Optional.of(EXPIRY));
        ProviderRecord provider = new ProviderRecord(KEY, PEER, List.of(), Optional.of(EXPIRY));

        assertThat(record.isExpired(EXPIRY.minusNanos(1))).isFalse();
        assertThat(record.isExpired(EXPIRY)).isTrue();
        assertThat(provider.isExpired(EXPIRY.minusNanos(1))).isFalse();
        assertThat(provider.isExpired(EXPIRY)).isTrue();
    }

    @Test
    void aTimeToLiveCountsFromTheInstantGiven() {
        Record record = Record.of(KEY, Bytes.utf8("v")).withPublisher(PEER);

        assertThat(record.withTtl(Duration.ofHours(36), EXPIRY))
                .isEqualTo(record.withExpires(Optional.of(EXPIRY.plusSeconds(36 * 3600))));
        assertThat(record.withTtl(Duration.ofMillis(1), EXPIRY).isExpired(EXPIRY))
                .isFalse();
        assertThat(record.withTtl(Record.MAX_TTL, EXPIRY).expires()).contains(EXPIRY.plus(Record.MAX_TTL));
    }

    @Test
    void aTimeToLiveOutOfRangeIsRefused() {
        Record record = Record.of(KEY, Bytes.utf8("v"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> record.withTtl(Duration.ZERO, EXPIRY))
                .withMessage("ttl must be greater than 0, got 0 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> record.withTtl(Duration.ofSeconds(-5), EXPIRY))
                .withMessage("ttl must be greater than 0, got -5 s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> record.withTtl(Duration.ofSeconds(Long.MAX_VALUE), EXPIRY))
                .withMessage("ttl must be at most 4294967295 s, got 9223372036854775807 s");
    }

    @Test
    void aChangeOfOnePartLeavesTheOthers() {
        Record record = Record.of(KEY, Bytes.utf8("v"))
                .withPublisher(PEER)
                .withExpires(Optional.of(EXPIRY))
                .withTimeReceived(EXPIRY);

        assertThat(record)
                .isEqualTo(
                        new Record(KEY, Bytes.utf8("v"), Optional.of(PEER), Optional.of(EXPIRY), Optional.of(EXPIRY)));
    }

    @Test
    void providerRecordsAreEqualIfEveryPartIs() {
        ProviderRecord plain = new ProviderRecord(KEY, PEER, List.of(), Optional.empty());
        ProviderRecord reachable =
                new ProviderRecord(KEY, PEER, List.of(Multiaddr.parse("/ip4/10.0.0.1/tcp/1")), Optional.empty());

        assertThat(plain).isEqualTo(new ProviderRecord(KEY, PEER, List.of(), Optional.empty()));
        assertThat(plain).isNotEqualTo(reachable);
    }
}

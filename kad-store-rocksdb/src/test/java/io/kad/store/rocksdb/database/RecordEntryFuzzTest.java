package io.kad.store.rocksdb.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.record.PublicationTime;
import java.nio.BufferUnderflowException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of the column families: records and provider records. Each input is read as both. */
class RecordEntryFuzzTest {

    private static final Instant TIME = Instant.parse("2025-01-02T03:04:05.678901234Z");

    static Stream<byte[]> seeds() {
        return Stream.of(
                new RecordEntry(
                                true,
                                7,
                                Optional.of(TIME),
                                Optional.of(Instant.MIN),
                                Optional.of(PublicationTime.estimated(TIME)),
                                Bytes.utf8("value"))
                        .bytes(),
                new RecordEntry(
                                false,
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(PublicationTime.stated(TIME)),
                                Bytes.EMPTY)
                        .bytes(),
                new ProviderEntry(
                                false,
                                9,
                                Optional.of(TIME),
                                Optional.of(TIME),
                                List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1"), Multiaddr.parse("/ip6/::1/tcp/2")))
                        .bytes(),
                new byte[] {63});
    }

    @MethodSource("seeds")
    @FuzzTest
    void whatIsReadIsWrittenAndReadAgain(byte[] input) {
        read(RecordEntry::read, input).ifPresent(entry -> {
            byte[] written = entry.bytes();
            assertThat(written).hasSizeLessThanOrEqualTo(input.length);
            assertThat(RecordEntry.read(written)).isEqualTo(entry);
            assertThat(RecordEntry.hasPublisher(written)).isEqualTo(entry.publisherNumber() != 0);
            assertThat(entry.isExpired(TIME))
                    .isEqualTo(
                            entry.expires().filter(time -> !time.isAfter(TIME)).isPresent());
        });
        read(ProviderEntry::read, input).ifPresent(entry -> {
            byte[] written = entry.bytes();
            assertThat(written).hasSizeLessThanOrEqualTo(input.length);
            assertThat(ProviderEntry.read(written)).isEqualTo(entry);
        });
    }

    /** Reads an entry; empty if it is cut off, or has a time or an address that is none: only a damaged database has such ones. */
    private static <T> Optional<T> read(Function<byte[], T> reader, byte[] input) {
        try {
            return Optional.of(reader.apply(input));
        } catch (BufferUnderflowException
                | DateTimeException
                | ArithmeticException
                | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }
}

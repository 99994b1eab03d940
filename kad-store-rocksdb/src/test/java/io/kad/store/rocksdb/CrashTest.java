package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.SELF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Repeated kills of a process that writes to one database. Records that the process acknowledged must survive, and no batch may be
 * stored in part.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CrashTest {

    /** The number of kills; set by the property {@code kad.crash.rounds}. */
    private static final int ROUNDS = Integer.getInteger("kad.crash.rounds", 12);

    private static final int MAX_RUN_MILLIS = 400;

    /** The number of earlier records that are checked after each kill; at the end all are checked. */
    private static final int SAMPLE = 300;

    @TempDir
    private Path directory;

    @Test
    void acknowledgedRecordsSurviveEachKill() throws Exception {
        StoreFixture stores = new StoreFixture(directory);
        Random random = new Random(11);
        int acknowledged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int previous = acknowledged;
            acknowledged = Math.max(acknowledged, runAndKill(acknowledged, random.nextInt(MAX_RUN_MILLIS)));
            assertThat(acknowledged).as("acknowledged after round %s", round).isGreaterThan(previous);
            try (RecordStore records = stores.records();
                    ProviderStore providers = stores.providers()) {
                assertStored(records, providers, IntStream.rangeClosed(previous + 1, acknowledged));
                assertStored(records, providers, random.ints(SAMPLE, 1, acknowledged + 1));
                assertNoPartOfABatch(records, providers, acknowledged);
            }
        }
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            assertStored(records, providers, IntStream.rangeClosed(1, acknowledged));
            assertThat(count(records))
                    .as("local records in all pages")
                    .isEqualTo(records.statistics().get("local-records"));
        }
    }

    /** Runs the writer, kills it after {@code millis}, and returns the last number that it acknowledged. */
    private int runAndKill(int from, int millis) throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashWriter.class.getName(),
                        directory.toString(),
                        Integer.toString(from))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture<Integer> last = new CompletableFuture<>();
        CompletableFuture<Boolean> started = new CompletableFuture<>();
        Thread reader = new Thread(() -> last.complete(lastLine(writer, started, from)), "crash-reader");
        reader.start();
        assertThat(started.get(60, TimeUnit.SECONDS)).isTrue();
        boolean ended = writer.waitFor(millis, TimeUnit.MILLISECONDS);
        // by its handle, because Process.destroyForcibly would close the output that is not read yet
        writer.toHandle().destroyForcibly();
        writer.waitFor();
        assertThat(ended).as("the process ended by itself").isFalse();
        return last.get(60, TimeUnit.SECONDS);
    }

    private static int lastLine(Process writer, CompletableFuture<Boolean> started, int from) {
        int last = from;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(writer.getInputStream(), US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.endsWith(".")) {
                    last = Integer.parseInt(line.substring(0, line.length() - 1));
                    started.complete(true);
                }
            }
        } catch (IOException e) {
            assertThat(last).isGreaterThanOrEqualTo(from);
        }
        started.complete(last > from);
        return last;
    }

    private static void assertStored(RecordStore records, ProviderStore providers, IntStream numbers)
            throws StoreException {
        for (int number : numbers.toArray()) {
            Record expected = CrashWriter.record(number);
            assertThat(records.get(expected.key())).as("record %s", number).contains(expected);
            ProviderRecord provided = CrashWriter.provider(number);
            assertThat(providers.providers(provided.key(), 10))
                    .as("provider %s", number)
                    .contains(provided);
        }
    }

    /** One more batch may be stored, complete, if its acknowledgement was lost. */
    private static void assertNoPartOfABatch(RecordStore records, ProviderStore providers, int acknowledged)
            throws StoreException {
        assertThat(records.size() - acknowledged).isIn(0L, (long) CrashWriter.BATCH);
        assertThat(providers.size() - acknowledged).isIn(0L, (long) CrashWriter.BATCH);
        for (int i = 1; i <= CrashWriter.BATCH; i++) {
            Record next = CrashWriter.record(acknowledged + i);
            assertThat(records.get(next.key()).orElse(next)).isEqualTo(next);
        }
    }

    private static long count(RecordStore records) throws StoreException {
        long count = 0;
        var page = records.localPage(Optional.empty(), 1000);
        while (true) {
            for (Record record : page.items()) {
                assertThat(record.publisher()).contains(SELF);
                count++;
            }
            if (page.next().isEmpty()) {
                return count;
            }
            page = records.localPage(page.next(), 1000);
        }
    }
}

package io.kad.store.rocksdb;

import static io.kad.store.rocksdb.StoreFixture.SELF;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed while it writes, again and again over one database: what it said was written is there, and nothing is there by
 * half.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CrashTest {

    /** How often; the property {@code kad.crash.rounds} asks for more. */
    private static final int ROUNDS = Integer.getInteger("kad.crash.rounds", 12);

    private static final int LONGEST_MILLIS = 400;

    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedIsThereAfterEachKill() throws Exception {
        StoreFixture stores = new StoreFixture(directory);
        Random random = new Random(11);
        int acknowledged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int before = acknowledged;
            acknowledged = Math.max(acknowledged, runAndKill(acknowledged, random.nextInt(LONGEST_MILLIS)));
            assertThat(acknowledged)
                    .as("something was written in round %s", round)
                    .isGreaterThan(before);
            try (RecordStore records = stores.records();
                    ProviderStore providers = stores.providers()) {
                assertEverything(records, providers, acknowledged);
            }
        }
    }

    /** Returns the last number that the process said it had written. */
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
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        Thread reader = new Thread(() -> last.complete(lastLine(writer, begun, from)), "crash-reader");
        reader.start();
        assertThat(begun.get(60, TimeUnit.SECONDS)).isTrue();
        boolean ended = writer.waitFor(millis, TimeUnit.MILLISECONDS);
        // by its handle, as the process itself would close what it said and we have not read
        writer.toHandle().destroyForcibly();
        writer.waitFor();
        assertThat(ended).as("the process ended by itself").isFalse();
        return last.get(60, TimeUnit.SECONDS);
    }

    private static int lastLine(Process writer, CompletableFuture<Boolean> begun, int from) {
        int last = from;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(writer.getInputStream(), US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.endsWith(".")) {
                    last = Integer.parseInt(line.substring(0, line.length() - 1));
                    begun.complete(true);
                }
            }
        } catch (IOException killed) {
            assertThat(last).isGreaterThanOrEqualTo(from);
        }
        begun.complete(last > from);
        return last;
    }

    private static void assertEverything(RecordStore records, ProviderStore providers, int acknowledged)
            throws StoreException {
        for (int i = 1; i <= acknowledged; i++) {
            Record expected = CrashWriter.record(i);
            assertThat(records.get(expected.key())).as("record %s", i).contains(expected);
            ProviderRecord provided = CrashWriter.provider(i);
            assertThat(providers.providers(provided.key(), 10))
                    .as("provider %s", i)
                    .contains(provided);
        }
        // one more may be there, whole, and its acknowledgement lost
        long more = records.size() - acknowledged;
        assertThat(more).isBetween(0L, (long) CrashWriter.BATCH);
        assertThat(records.get(CrashWriter.record(acknowledged + 1).key()).orElse(CrashWriter.record(acknowledged + 1)))
                .isEqualTo(CrashWriter.record(acknowledged + 1));
        long own = records.statistics().get("own-records");
        assertThat(count(records)).as("own records that can be paged over").isEqualTo(own);
        assertThat(providers.size()).isBetween((long) acknowledged, acknowledged + (long) CrashWriter.BATCH);
    }

    private static long count(RecordStore records) throws StoreException {
        long count = 0;
        var page = records.ownPage(Optional.empty(), 1000);
        while (true) {
            for (Record record : page.items()) {
                assertThat(record.publisher()).contains(SELF);
                count++;
            }
            if (page.next().isEmpty()) {
                return count;
            }
            page = records.ownPage(page.next(), 1000);
        }
    }
}

package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Process under test: writes numbered records and prints the last number of each stored batch. */
final class CrashWriter {

    /** The number of records per batch. */
    static final int BATCH = 3;

    private CrashWriter() {}

    /** Returns a local or remote record; its value repeats its number, so that a partial value is detected. */
    static Record record(int number) {
        byte[] value = new byte[1 + number * 37 % 3000];
        Arrays.fill(value, (byte) number);
        Record record = Record.of(StoreFixture.key(number), Bytes.of(value));
        return number % 3 == 0 ? record.withPublisher(StoreFixture.OTHER) : record.withPublisher(StoreFixture.SELF);
    }

    static ProviderRecord provider(int number) {
        return new ProviderRecord(
                StoreFixture.key(number / 4),
                number % 4 == 0 ? StoreFixture.SELF : PeerId.fromPublicKey(Bytes.utf8("p" + number)),
                List.of(),
                Optional.empty());
    }

    public static void main(String[] arguments) throws Exception {
        StoreFixture stores = new StoreFixture(Path.of(arguments[0]));
        PrintStream out = System.out;
        try (RecordStore records = stores.records();
                ProviderStore providers = stores.providers()) {
            int number = Integer.parseInt(arguments[1]);
            while (number < Integer.MAX_VALUE - BATCH) {
                List<RecordChange> changes = new ArrayList<>();
                List<ProviderRecord> added = new ArrayList<>();
                for (int i = 1; i <= BATCH; i++) {
                    changes.add(RecordChange.put(record(number + i)));
                    added.add(provider(number + i));
                }
                records.updateAll(changes);
                providers.addAll(added);
                number += BATCH;
                out.println(number + ".");
            }
        }
    }
}

package io.kad.bench.store;

import io.kad.api.id.Bytes;
import java.util.List;

/** Check that the stores of kad and the bare database write the same entries, so that their times are comparable. */
final class ContentCheck {

    private static final int RECORDS = 300;
    private static final int PROVIDERS = 2000;
    private static final int BATCH = 50;

    private ContentCheck() {}

    static void check() throws Exception {
        List<List<Bytes>> kad = content("kad");
        List<List<Bytes>> bare = content("bare");
        if (!kad.equals(bare)) {
            throw new IllegalStateException("entries differ: " + kad.size() + " of kad, " + bare.size()
                    + " of the bare database; first difference: " + firstDifference(kad, bare));
        }
    }

    private static String firstDifference(List<List<Bytes>> kad, List<List<Bytes>> bare) {
        for (int i = 0; i < Math.min(kad.size(), bare.size()); i++) {
            if (!kad.get(i).equals(bare.get(i))) {
                return kad.get(i) + " and " + bare.get(i);
            }
        }
        return "the end of the shorter";
    }

    private static List<List<Bytes>> content(String kind) throws Exception {
        StoreWorkload workload = new StoreWorkload(RECORDS, PROVIDERS);
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            try (BenchmarkStores stores = BenchmarkStores.open(kind, directory.path())) {
                stores.writeAll(workload, BATCH);
            }
            try (BareRocksDb reader = new BareRocksDb(BenchmarkStores.database(directory.path()))) {
                return reader.content();
            }
        }
    }
}

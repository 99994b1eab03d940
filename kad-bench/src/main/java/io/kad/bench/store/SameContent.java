package io.kad.bench.store;

import io.kad.api.id.Bytes;
import java.util.List;

/** Makes sure that what is compared is the same: that ours and the bare database write the same bytes. */
final class SameContent {

    private static final int RECORDS = 300;
    private static final int PROVIDERS = 2000;
    private static final int BATCH = 50;

    private SameContent() {}

    static void check() throws Exception {
        List<List<Bytes>> ours = content("kad");
        List<List<Bytes>> raw = content("raw");
        if (!ours.equals(raw)) {
            throw new IllegalStateException("ours has " + ours.size() + " entries, the bare database " + raw.size()
                    + ", and they are not the same; first at " + firstDifference(ours, raw));
        }
    }

    private static String firstDifference(List<List<Bytes>> ours, List<List<Bytes>> raw) {
        for (int i = 0; i < Math.min(ours.size(), raw.size()); i++) {
            if (!ours.get(i).equals(raw.get(i))) {
                return ours.get(i) + " and " + raw.get(i);
            }
        }
        return "the end of the shorter";
    }

    private static List<List<Bytes>> content(String whose) throws Exception {
        StoreWorkload workload = new StoreWorkload(RECORDS, PROVIDERS);
        try (TemporaryDirectory directory = TemporaryDirectory.create()) {
            try (OpenStores stores = OpenStores.open(whose, directory.path())) {
                for (var batch : StoreWorkload.batches(workload.records(), BATCH)) {
                    stores.putAll(batch);
                }
                for (var batch : StoreWorkload.batches(workload.providers(), BATCH)) {
                    stores.addAll(batch);
                }
            }
            try (RawStores reader = new RawStores(OpenStores.database(directory.path()))) {
                return reader.content();
            }
        }
    }
}

package io.kad.store.rocksdb.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RocksStoreOptionsTest {

    @ParameterizedTest
    @CsvSource({"16, 4", "85, 10", "256, 32", "1024, 32"})
    void aCacheIsAnEighthOfTheHeapWithinBounds(long heapMebibytes, long cacheMebibytes) {
        assertThat(RocksStoreOptions.cacheBytes(heapMebibytes << 20) >> 20).isEqualTo(cacheMebibytes);
    }

    @ParameterizedTest
    @CsvSource({"rocksdb.cache-bytes, CACHE_BYTES", "rocksdb.write-buffer-bytes, WRITE_BUFFER_BYTES"})
    void theUserChoosesTheSizeOfACache(String key, Option option) {
        assertThat(RocksStoreOptions.parse(Map.of(key, "2000000")).get(option)).isEqualTo(2_000_000);
        assertThat(RocksStoreOptions.parse(Map.of()).get(option))
                .isEqualTo(RocksStoreOptions.cacheBytes(Runtime.getRuntime().maxMemory()));
    }
}

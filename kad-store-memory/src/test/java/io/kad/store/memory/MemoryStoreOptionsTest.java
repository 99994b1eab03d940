package io.kad.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.ProviderStoreProvider;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class MemoryStoreOptionsTest {

    private static SpiContext context(Map<String, String> options) {
        PeerId self = PeerId.fromPublicKey(Bytes.utf8("a key"));
        return new SpiContext(self, InstantSource.system(), Optional.empty(), options, Runnable::run);
    }

    @Test
    void noOptionsGiveTheDefaults() {
        MemoryStoreLimits limits = MemoryStoreLimits.parse(Map.of("rocksdb.cache", "7"));
        assertThat(limits).isEqualTo(MemoryStoreLimits.DEFAULTS);
        assertThat(limits.records().remote()).isEqualTo(new Quota(65_536, 24 << 20));
        assertThat(limits.records().local()).isEqualTo(new Quota(65_536, 64 << 20));
        assertThat(limits.providers().remote()).isEqualTo(new Quota(65_536, 24 << 20));
        assertThat(limits.providers().local()).isEqualTo(new Quota(65_536, 64 << 20));
        assertThat(limits.records().maxValueBytes()).isEqualTo(65_536);
        assertThat(limits.providers().maxPerKey()).isEqualTo(20);
        assertThat(limits.providers().maxPerProvider()).isEqualTo(16_384);
    }

    @Test
    void eachOptionSetsOneLimit() {
        MemoryStoreLimits limits = MemoryStoreLimits.parse(Map.ofEntries(
                Map.entry("memory.max-records", "1"),
                Map.entry("memory.max-record-bytes", "2"),
                Map.entry("memory.max-local-records", "3"),
                Map.entry("memory.max-local-record-bytes", "4"),
                Map.entry("memory.max-key-bytes", "5"),
                Map.entry("memory.max-value-bytes", "6"),
                Map.entry("memory.max-provided-keys", "7"),
                Map.entry("memory.max-provider-bytes", "8"),
                Map.entry("memory.max-local-provided-keys", "9"),
                Map.entry("memory.max-local-provider-bytes", "10"),
                Map.entry("memory.max-providers-per-key", "11"),
                Map.entry("memory.max-keys-per-provider", "13"),
                Map.entry("memory.max-address-bytes", " 12 ")));
        assertThat(limits)
                .isEqualTo(new MemoryStoreLimits(
                        new MemoryStoreLimits.Records(new Quota(1, 2), new Quota(3, 4), 5, 6),
                        new MemoryStoreLimits.Providers(new Quota(7, 8), new Quota(9, 10), 11, 13, 5, 12)));
    }

    @Test
    void oneErrorListsAllInvalidOptions() {
        Map<String, String> options =
                Map.of("memory.max-recods", "1", "memory.max-records", "many", "memory.max-providers-per-key", "10001");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryRecordStoreProvider().create(context(options)))
                .withMessageContaining("unknown option 'memory.max-recods'; known: memory.max-")
                .withMessageContaining("memory.max-records: expected an integer from 0 to 100000000, got 'many'")
                .withMessageContaining("memory.max-providers-per-key: expected an integer from 0 to 10000, got '10001'")
                .satisfies(error -> assertThat(error.getMessage()).doesNotContain("\n"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MemoryProviderStoreProvider().create(context(Map.of("memory.x", ""))));
        assertThatIllegalArgumentException().isThrownBy(() -> new Quota(-1, 0));
    }

    @Test
    void theProvidersAreFoundAndNamedMemory() throws Exception {
        RecordStoreProvider records =
                ServiceLoader.load(RecordStoreProvider.class).findFirst().orElseThrow();
        ProviderStoreProvider providers =
                ServiceLoader.load(ProviderStoreProvider.class).findFirst().orElseThrow();
        assertThat(records.name()).isEqualTo(providers.name()).isEqualTo("memory");
        assertThat(records.priority()).isEqualTo(providers.priority()).isZero();
        assertThat(records.unavailable(context(Map.of()))).isEmpty();
        try (RecordStore store = records.create(context(Map.of()));
                ProviderStore other = providers.create(context(Map.of()))) {
            assertThat(store).isInstanceOf(MemoryRecordStore.class);
            assertThat(other).isInstanceOf(MemoryProviderStore.class);
            assertThat(store.mayBlock() || other.mayBlock()).isFalse();
        }
    }
}

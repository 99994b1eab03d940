package io.kad.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.RocksStoreOptions;
import io.kad.store.rocksdb.database.RocksStoreOptions.Option;
import io.kad.store.rocksdb.database.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that docs/STORE.md matches the options and the schema. */
class StoreDocumentTest {

    private static String document() throws Exception {
        return Files.readString(Path.of("..", "docs", "STORE.md"));
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void eachOptionIsListedWithItsDefault() throws Exception {
        RocksStoreOptions defaults = RocksStoreOptions.parse(Map.of());
        List<String> expected = Arrays.stream(Option.values())
                .map(option -> "rocksdb."
                        + option.name().toLowerCase(Locale.ROOT).replace('_', '-') + "` | "
                        + defaults.get(option))
                .toList();
        assertThat(found("^\\| `(rocksdb\\.[a-z-]+` \\| \\d+) \\|", document())).isEqualTo(expected);
    }

    @Test
    void eachColumnFamilyIsListed() throws Exception {
        String schema = document().substring(document().indexOf("## Schema"));
        assertThat(found("^\\| `([a-z-]+)` \\| [a-zX`]", schema))
                .containsExactlyElementsOf(Arrays.stream(ColumnFamily.values())
                        .map(family -> new String(family.bytes(), StandardCharsets.US_ASCII))
                        .toList());
    }

    @Test
    void theDocumentNamesTheCurrentSchema() throws Exception {
        assertThat(document()).contains("## Schema " + Schema.VERSION + ", byte by byte");
    }
}

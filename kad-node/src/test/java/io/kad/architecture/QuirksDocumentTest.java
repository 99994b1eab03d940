package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That docs/INTEROP.md names a test for each quirk of other implementations. */
class QuirksDocumentTest {

    private static final int QUIRKS = 26;
    private static final int YAMUX_QUIRKS = 11;
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (Y?\\d+) \\|.*\\| (`.*`) \\|$");

    private record Row(String number, List<String> tests) {}

    private static List<Row> rows() throws IOException {
        String document = Files.readString(ProjectSources.root().resolve("docs").resolve("INTEROP.md"));
        return ROW.matcher(document)
                .results()
                .map(row -> new Row(row.group(1), NamedTests.in(row.group(2))))
                .toList();
    }

    @Test
    void everyQuirkHasItsRow() throws IOException {
        assertThat(rows())
                .extracting(Row::number)
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.rangeClosed(1, QUIRKS).mapToObj(String::valueOf),
                                IntStream.rangeClosed(1, YAMUX_QUIRKS).mapToObj(number -> "Y" + number))
                        .toList());
    }

    @Test
    void everyTestIsThere() throws IOException {
        assertThat(rows()).allSatisfy(row -> assertThat(row.tests()).isNotEmpty());
        assertThat(rows().stream().flatMap(row -> row.tests().stream()))
                .filteredOn(test -> !NamedTests.isThere(test))
                .isEmpty();
    }
}

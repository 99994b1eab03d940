package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.LimitId;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That docs/LIMITS.md names options, defaults, counters and tests that there are, and none is left out. */
class LimitsDocumentTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final int KIB = 1024;
    private static final int MIB = 1024 * 1024;

    private static final Map<String, ConfigOption<?>> OPTIONS = KademliaConfig.options().stream()
            .collect(Collectors.toUnmodifiableMap(ConfigOption::name, Function.identity()));
    private static final Set<String> COUNTERS =
            Stream.of(LimitId.values()).map(LimitId::counter).collect(Collectors.toUnmodifiableSet());

    /** Row of a table: surface, limit, option, default, counter, effect, tests. */
    private record Row(List<String> cells) {

        String option() {
            return code(cells.get(2));
        }

        String counter() {
            return code(cells.get(4));
        }

        List<String> tests() {
            return NamedTests.in(cells.get(6));
        }

        private static String code(String cell) {
            return CODE.matcher(cell)
                    .results()
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElse(cell);
        }
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(ProjectSources.root().resolve("docs").resolve("LIMITS.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| surface"))
                .map(line -> new Row(Stream.of(line.substring(1).split("\\|", -1))
                        .map(String::trim)
                        .toList()))
                .toList();
    }

    @Test
    void everyOptionIsThereWithItsDefault() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows()) {
            ConfigOption<?> option = OPTIONS.get(row.option());
            if (option == null) {
                if (!row.option().equals("fixed")) {
                    wrong.add("unknown option " + row.option());
                }
            } else if (!text(option).equals(row.cells().get(3))) {
                wrong.add(row.option() + ": default is " + text(option) + ", not "
                        + row.cells().get(3));
            }
        }
        assertThat(rows()).hasSizeGreaterThan(30);
        assertThat(wrong).isEmpty();
    }

    /** An option of which two parts are counted together has two rows; one without a counter has one of each surface. */
    @Test
    void noLimitIsThereTwice() throws IOException {
        Set<List<String>> seen = new HashSet<>();
        List<Row> again = rows().stream()
                .filter(row -> !row.option().equals("fixed"))
                .filter(row -> !seen.add(List.of(
                        row.cells().get(0),
                        row.option(),
                        row.counter().isEmpty() ? "" : row.cells().get(1))))
                .toList();
        assertThat(again).isEmpty();
    }

    @Test
    void everyCounterIsThereWithItsOptionAndNoneIsMissing() throws IOException {
        Set<String> named = new TreeSet<>();
        for (Row row : rows()) {
            if (!row.counter().isEmpty()) {
                named.add(row.counter());
                assertThat(Stream.of(LimitId.values())
                                .filter(limit -> limit.counter().equals(row.counter()))
                                .map(LimitId::option))
                        .as(row.counter())
                        .containsExactly(row.option());
            }
        }
        assertThat(named).containsExactlyInAnyOrderElementsOf(COUNTERS);
    }

    @Test
    void everyOptionOfTheTransportIsListed() throws IOException {
        List<String> listed = rows().stream().map(Row::option).toList();
        List<String> missing = Arrays.stream(TransportOptions.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(LimitsDocumentTest::optionName)
                .filter(name -> !listed.contains(name))
                .toList();
        assertThat(missing).isEmpty();
    }

    @Test
    void everyTestIsThereAndEachCountedLimitHasOne() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Row row : rows()) {
            if (row.tests().isEmpty() && !row.counter().isEmpty()) {
                missing.add("a test of " + row.counter());
            }
            row.tests().stream().filter(test -> !NamedTests.isThere(test)).forEach(missing::add);
        }
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "LimitsDocumentTest#everyTestIsThereAndEachCountedLimitHasOne, true",
        "LimitsDocumentTest#noSuchMethod, false",
        "NoSuchTest#everyTestIsThere, false"
    })
    void aTestIsThereIfItsFileHasItsMethod(String test, boolean there) {
        assertThat(NamedTests.isThere(test)).isEqualTo(there);
    }

    private static String optionName(java.lang.reflect.Field field) {
        try {
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the default of {@code option} as the document writes it: durations and sizes for people, others as in a configuration file. */
    private static <T> String text(ConfigOption<T> option) {
        Object value =
                option.defaultValue() instanceof Optional<?> optional ? optional.orElseThrow() : option.defaultValue();
        if (value instanceof Duration duration) {
            return DurationText.of(duration);
        }
        if (value instanceof Number number && option.name().contains("-bytes")) {
            long bytes = number.longValue();
            return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes / KIB + " KiB";
        }
        return option.textOf(option.defaultValue());
    }
}

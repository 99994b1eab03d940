package io.kad.node.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of faults in docs/PROGRAM.md is that of the code. */
class FaultTest {

    private static final Pattern ROW = Pattern.compile("\\| (?:`([a-z]+)`)? ?\\| [^|]*\\| `([a-z0-9-]+)` \\| [^|]+\\|");

    @Test
    void theDocumentListsEachCheckWithItsFaults() throws IOException {
        List<String> documented = new ArrayList<>();
        String check = "";
        for (String line : Files.readAllLines(Path.of("..", "docs", "PROGRAM.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                check = row.group(1) == null ? check : row.group(1);
                documented.add(check + " " + row.group(2));
            }
        }
        List<String> expected = Stream.of(CheckName.values())
                .flatMap(name -> Stream.of(Fault.values())
                        .filter(fault -> fault.check() == name)
                        .map(fault -> name.text() + " " + fault.text()))
                .toList();
        assertThat(documented).containsExactlyElementsOf(expected);
    }

    @Test
    void eachAdviceIsOneLineThatSaysWhatToDo() {
        assertThat(Fault.values()).allSatisfy(fault -> {
            assertThat(fault.advice()).doesNotContain("\n").hasSizeBetween(10, 130);
            assertThat(fault.advice()).matches("[a-z].*[^.]");
        });
    }
}

package io.kad.transport.netty.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alert about limits leaves out those that honest peers reach, as the log does. */
class AlertRulesTest {

    @Test
    void theAlertLeavesOutTheRoutineLimits() throws Exception {
        String rules = Files.readString(Path.of("..", "docs", "grafana", "kad.rules.yml"));
        Matcher leftOut = Pattern.compile("kad_limits_reached_total\\{limit!~\"limit-\\(([^)]*)\\)\"}")
                .matcher(rules);
        assertThat(leftOut.find()).isTrue();
        assertThat(Arrays.stream(leftOut.group(1).split("\\|", -1)).map("limit-"::concat))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LimitId.values())
                        .filter(LimitId::isRoutine)
                        .map(LimitId::counter)
                        .toList());
    }
}

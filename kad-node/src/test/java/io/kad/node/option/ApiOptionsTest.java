package io.kad.node.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ApiOptionsTest {

    private static ApiOptions parsed(String... words) {
        ApiOptions options = new ApiOptions();
        CommandSpec spec = CommandSpec.create().addMixin("api", CommandSpec.forAnnotatedObject(options));
        new CommandLine(spec).parseArgs(words);
        return options;
    }

    @Test
    void theTokenOfTheEnvironmentIsUsedWithoutTheOption() {
        Map<String, String> environment = Map.of("KAD_TOKEN", "abcdefghijklmnop");
        assertThat(parsed().token(environment)).contains("abcdefghijklmnop");
        assertThat(parsed().tokenName()).isEqualTo("KAD_TOKEN");
        assertThat(parsed("--token", "0123456789abcdef").token(environment)).contains("0123456789abcdef");
        assertThat(parsed("--token", "0123456789abcdef").tokenName()).isEqualTo("--token");
        assertThat(parsed().token(Map.of())).isEmpty();
        assertThat(parsed().token(Map.of("KAD_TOKEN", ""))).isEmpty();
    }
}

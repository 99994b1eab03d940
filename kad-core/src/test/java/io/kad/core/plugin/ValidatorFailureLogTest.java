package io.kad.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.core.record.Validators;
import io.kad.core.runtime.RecordedLog;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A validator that fails is named in one warning. */
class ValidatorFailureLogTest {

    private final RecordedLog log = new RecordedLog(ValidatorFailureLog.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void eachValidatorIsNamedInOneWarning() {
        ValidatorFailureLog failures = new ValidatorFailureLog();
        RecordValidator first = new NamespaceValidators.First();
        RecordValidator second = new NamespaceValidators.First();
        for (int i = 0; i < 3; i++) {
            failures.onFailure(first, "validate", "first failed", new Error("missing"));
            failures.onFailure(second, "select", "second failed", new Error("missing"));
        }

        assertThat(log.lines.stream().filter(line -> line.startsWith("WARN")))
                .containsExactly(
                        "WARN first failed in validate; further failures of it are logged at debug level",
                        "WARN second failed in select; further failures of it are logged at debug level");
    }

    @Test
    void thoseOfAPeerAreLogged() {
        RecordValidator broken = new RecordValidator() {
            @Override
            public String namespace() {
                return "app";
            }

            @Override
            public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
                throw new IllegalStateException("oops");
            }

            @Override
            public int select(RecordKey key, List<Bytes> values, Instant now) {
                return 0;
            }
        };
        Validators validators = new Plugins().validators(List.of(broken), false);
        Record record = Record.of(RecordKey.utf8("/app/x"), Bytes.utf8("value"));

        assertThat(validators.reasonInvalid(record, Instant.EPOCH)).isPresent();
        assertThat(log.lines)
                .singleElement()
                .asString()
                .startsWith("WARN validator " + broken.getClass().getName());
    }
}

package io.kad.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.core.engine.Newest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValidatorsTest {

    private static final Instant NOW = Instant.parse("2025-06-01T00:00:00Z");
    private static final RecordKey KEY = RecordKey.utf8("/app/x");

    private final List<String> failures = new ArrayList<>();
    private final Validators validators = new Validators(
            List.of(new Newest("app"), new Broken()), (plugin, method, message, failure) -> failures.add(method));

    /** A plug-in that does nothing right. */
    private static final class Broken implements RecordValidator {
        @Override
        public String namespace() {
            return "broken";
        }

        @Override
        public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
            throw new IllegalStateException("oops");
        }

        @Override
        public int select(RecordKey key, List<Bytes> values, Instant now) {
            if (values.size() == 2) {
                throw new IllegalStateException("oops");
            }
            return values.size();
        }
    }

    private static Record record(RecordKey key, String value) {
        return Record.of(key, Bytes.utf8(value));
    }

    @Test
    void theValidatorOfTheNamespaceDecides() {
        assertThat(validators.reasonInvalid(record(KEY, "x"), NOW)).isEmpty();
        assertThat(validators.reasonInvalid(Record.of(KEY, Newest.INVALID), NOW))
                .contains("it says so itself");
        assertThat(validators.best(KEY, List.of(Bytes.utf8("a"), Bytes.utf8("c"), Bytes.utf8("b")), NOW))
                .isEqualTo(1);
    }

    @Test
    void keysOfOtherNamespacesAreValid() {
        assertThat(validators.reasonInvalid(record(RecordKey.utf8("/other/x"), "x"), NOW))
                .isEmpty();
        assertThat(validators.reasonInvalid(record(RecordKey.utf8("x"), "x"), NOW))
                .isEmpty();
    }

    @Test
    void theNamespacesWithAValidatorAreKnown() {
        assertThat(validators.hasValidator(KEY)).isTrue();
        assertThat(validators.hasValidator(RecordKey.utf8("x"))).isFalse();
    }

    @Test
    void withoutAValidatorTheFirstValueIsTheBest() {
        assertThat(validators.best(RecordKey.utf8("x"), List.of(Bytes.utf8("a"), Bytes.utf8("b")), NOW))
                .isZero();
    }

    @Test
    void anEmptyKeyAndAnExpiredRecordAreNeverValid() {
        assertThat(validators.reasonInvalid(record(RecordKey.of(Bytes.EMPTY), "x"), NOW))
                .contains("key must not be empty");
        assertThat(validators.reasonInvalid(record(KEY, "x").withExpires(Optional.of(NOW)), NOW))
                .contains("record has expired");
        assertThat(validators.reasonInvalid(record(KEY, "x").withExpires(Optional.of(NOW.plusNanos(1))), NOW))
                .isEmpty();
    }

    @Test
    void twoValidatorsOfOneNamespaceAreRefusedByName() {
        assertThatThrownBy(() -> new Validators(List.of(new Newest("broken"), new Broken())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Newest.class.getName())
                .hasMessageContaining(Broken.class.getName())
                .hasMessageContaining("'broken'");
    }

    @Test
    void aBrokenValidatorMakesItsRecordsInvalidAndChoosesNothing() {
        RecordKey key = RecordKey.utf8("/broken/x");

        assertThat(validators.reasonInvalid(record(key, "x"), NOW))
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains(Broken.class.getName())
                        .contains("'java.lang.IllegalStateException: oops'"));
        assertThat(validators.best(key, List.of(Bytes.utf8("a"), Bytes.utf8("b")), NOW))
                .isZero();
        assertThat(validators.best(key, List.of(Bytes.utf8("a"), Bytes.utf8("b"), Bytes.utf8("c")), NOW))
                .isZero();
        assertThat(failures).containsExactly("validate", "select", "select");
    }

    @Test
    void whatWrapsAValidatorIsCalledAndMessagesStillNameTheValidator() {
        List<RecordValidator> wrapped = new ArrayList<>();
        Validators through = validators.through(validator -> {
            wrapped.add(validator);
            return validator instanceof Broken ? new Newest("broken") : new Broken();
        });

        assertThat(wrapped).hasSize(2);
        assertThat(through.reasonInvalid(record(KEY, "x"), NOW))
                .contains("validator " + Newest.class.getName() + " failed: 'java.lang.IllegalStateException: oops'");
        assertThat(through.reasonInvalid(record(RecordKey.utf8("/broken/x"), "x"), NOW))
                .isEmpty();
    }
}

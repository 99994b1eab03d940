package io.kad.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each failure of a validator is reported, whichever of its methods fails, and it decides as if it said no. */
class ContainedValidatorTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final List<Bytes> VALUES = List.of(Bytes.utf8("a"), Bytes.utf8("b"));

    /** The methods that have failed. */
    private final List<String> failed = new ArrayList<>();

    private record Scripted(Supplier<Optional<String>> problem, IntSupplier index) implements RecordValidator {

        @Override
        public String namespace() {
            return "app";
        }

        @Override
        public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
            return problem.get();
        }

        @Override
        public int select(RecordKey key, List<Bytes> values, Instant now) {
            return index.getAsInt();
        }
    }

    private Optional<String> validate(Scripted validator) {
        return contain(validator).validate(KEY, VALUES.get(0), Instant.EPOCH);
    }

    private ContainedValidator contain(Scripted validator) {
        return new ContainedValidator(validator, (plugin, method, message, failure) -> {
            assertThat(plugin).isSameAs(validator);
            assertThat(message).startsWith("validator " + Scripted.class.getName() + " failed: ");
            failed.add(method);
        });
    }

    @Test
    void aFailureIsReportedAndMakesTheRecordInvalid() {
        Scripted broken = new Scripted(
                () -> {
                    throw new NoClassDefFoundError("missing");
                },
                () -> 0);
        assertThat(validate(broken))
                .contains(
                        "validator " + Scripted.class.getName() + " failed: 'java.lang.NoClassDefFoundError: missing'");
        assertThat(failed).containsExactly("validate");
    }

    @Test
    void nullIsAFailureToo() {
        assertThat(validate(new Scripted(() -> null, () -> 0)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("returned null"));
        assertThat(failed).containsExactly("validate");
    }

    @Test
    void aChoiceThatFailsOrIsNoneIsTheFirstValueAndReported() {
        assertThat(select(() -> {
                    throw new IllegalStateException("oops");
                }))
                .isZero();
        assertThat(select(() -> 2)).isZero();
        assertThat(select(() -> -1)).isZero();
        assertThat(failed).containsExactly("select", "select", "select");
    }

    private int select(IntSupplier index) {
        return contain(new Scripted(Optional::empty, index)).select(KEY, VALUES, Instant.EPOCH);
    }

    @Test
    void aValidatorThatWorksDecides() {
        assertThat(validate(new Scripted(() -> Optional.of("too old"), () -> 0)))
                .contains("too old");
        assertThat(validate(new Scripted(Optional::empty, () -> 0))).isEmpty();
        assertThat(select(() -> 1)).isEqualTo(1);
        assertThat(failed).isEmpty();
    }
}

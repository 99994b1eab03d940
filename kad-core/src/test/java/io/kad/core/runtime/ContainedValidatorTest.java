package io.kad.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import io.kad.core.plugin.ContainedValidator;
import io.kad.core.record.Validators;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A validator that fails is named in one warning, whichever of its methods fails, and decides as if it said no. */
class ContainedValidatorTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final List<Bytes> VALUES = List.of(Bytes.utf8("a"), Bytes.utf8("b"));

    private final RecordedLog log = new RecordedLog(ContainedValidator.class);

    @AfterEach
    void closeLog() {
        log.close();
    }

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

    private static Optional<String> validate(Scripted validator) {
        return new ContainedValidator(validator).validate(KEY, VALUES.get(0), Instant.EPOCH);
    }

    private List<String> warnings() {
        return log.lines.stream().filter(line -> line.startsWith("WARN")).toList();
    }

    @Test
    void aFailureIsLoggedOnceAndMakesTheRecordInvalid() {
        ContainedValidator validator = new ContainedValidator(new Scripted(
                () -> {
                    throw new NoClassDefFoundError("missing");
                },
                () -> 0));
        for (int i = 0; i < 3; i++) {
            assertThat(validator.validate(KEY, VALUES.get(0), Instant.EPOCH))
                    .contains("validator " + Scripted.class.getName()
                            + " failed: 'java.lang.NoClassDefFoundError: missing'");
        }
        assertThat(warnings())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains(Scripted.class.getName())
                        .contains("missing")
                        .contains("validate"));
    }

    @Test
    void nullIsAFailureToo() {
        assertThat(validate(new Scripted(() -> null, () -> 0)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("returned null"));
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void aChoiceThatFailsOrIsNoneIsTheFirstValueAndLogged() {
        assertThat(select(() -> {
                    throw new IllegalStateException("oops");
                }))
                .isZero();
        assertThat(select(() -> 2)).isZero();
        assertThat(select(() -> -1)).isZero();
        assertThat(warnings()).hasSize(3).allSatisfy(line -> assertThat(line).contains(Scripted.class.getName()));
    }

    private static int select(IntSupplier index) {
        return new ContainedValidator(new Scripted(Optional::empty, index)).select(KEY, VALUES, Instant.EPOCH);
    }

    @Test
    void aValidatorThatWorksDecides() {
        assertThat(validate(new Scripted(() -> Optional.of("too old"), () -> 0)))
                .contains("too old");
        assertThat(validate(new Scripted(Optional::empty, () -> 0))).isEmpty();
        assertThat(select(() -> 1)).isEqualTo(1);
        assertThat(log.lines).isEmpty();
    }

    @Test
    void thoseOfAPeerAreContainedAlsoIfNothingIsMeasured() {
        Validators validators =
                SlowCallDetectors.none().wrapValidators(new Validators(List.of(new Scripted(() -> null, () -> 0))));
        assertThat(validators.reasonInvalid(io.kad.api.record.Record.of(KEY, VALUES.get(0)), Instant.EPOCH))
                .hasValueSatisfying(problem -> assertThat(problem).contains(Scripted.class.getName()));
    }
}

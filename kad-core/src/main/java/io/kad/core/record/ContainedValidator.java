package io.kad.core.record;

import io.kad.api.id.Bytes;
import io.kad.api.id.Quoting;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Validator that contains the failures of another one: a record at which that one fails is invalid, and the first of several values is the best.
 * Thread-safe.
 */
final class ContainedValidator implements RecordValidator {

    private final RecordValidator validator;
    private final RecordValidator plugin;
    private final Validators.FailureListener listener;

    /** Contains {@code validator}, whose failures {@code listener} hears of. */
    ContainedValidator(RecordValidator validator, Validators.FailureListener listener) {
        this(validator, validator, listener);
    }

    private ContainedValidator(RecordValidator validator, RecordValidator plugin, Validators.FailureListener listener) {
        this.validator = validator;
        this.plugin = plugin;
        this.listener = listener;
    }

    /** Returns the validator that contains the failures of {@code wrapper} around the same plug-in too; messages still name the plug-in. */
    ContainedValidator through(UnaryOperator<RecordValidator> wrapper) {
        return new ContainedValidator(wrapper.apply(validator), plugin, listener);
    }

    /** Returns the plug-in, whose class messages name. */
    RecordValidator plugin() {
        return plugin;
    }

    @Override
    public String namespace() {
        return validator.namespace();
    }

    @Override
    public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
        try {
            Optional<String> problem = validator.validate(key, value, now);
            return problem == null
                    ? Optional.of(failed("validate", new NullPointerException("returned null")))
                    : problem;
        } catch (Throwable e) {
            return Optional.of(failed("validate", e));
        }
    }

    @Override
    public int select(RecordKey key, List<Bytes> values, Instant now) {
        try {
            int selected = validator.select(key, values, now);
            if (selected >= 0 && selected < values.size()) {
                return selected;
            }
            failed(
                    "select",
                    new IndexOutOfBoundsException("returned index " + selected + " of " + values.size() + " values"));
        } catch (Throwable e) {
            failed("select", e);
        }
        return 0;
    }

    /** Reports the failure, and returns it as the reason why a record is invalid. */
    private String failed(String method, Throwable failure) {
        String message = "validator " + plugin.getClass().getName() + " failed: "
                + Quoting.text(String.valueOf(failure)); // a value of a remote peer may shape it
        listener.onFailure(plugin, method, message, failure);
        return message;
    }
}

package io.kad.core.plugin;

import io.kad.api.id.Bytes;
import io.kad.api.id.Quoting;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validator that contains the failures of another one: a record at which that one fails is invalid, and the first of several values is the best.
 * One warning names it. Thread-safe.
 */
public final class ContainedValidator implements RecordValidator {

    private static final Logger LOG = LoggerFactory.getLogger(ContainedValidator.class);

    private final RecordValidator validator;
    private final String name;
    private final AtomicBoolean reported = new AtomicBoolean();

    /** Contains {@code validator}, which has failed nowhere yet. */
    public ContainedValidator(RecordValidator validator) {
        this.validator = validator;
        this.name = "validator " + validator.getClass().getName();
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

    /** Logs the failure, and returns it as the reason why a record is invalid. */
    private String failed(String method, Throwable failure) {
        String message =
                name + " failed: " + Quoting.text(String.valueOf(failure)); // a value of a remote peer may shape it
        if (reported.getAndSet(true)) {
            LOG.debug("{}", message, failure);
        } else {
            LOG.warn("{} in {}; further failures of it are logged at debug level", message, method, failure);
        }
        return message;
    }
}

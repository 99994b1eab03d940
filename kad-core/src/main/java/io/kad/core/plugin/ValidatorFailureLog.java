package io.kad.core.plugin;

import io.kad.api.record.RecordValidator;
import io.kad.core.record.Validators;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the failures of validators: one warning for each of them, and all further ones at debug level. Thread-safe. */
final class ValidatorFailureLog implements Validators.FailureListener {

    private static final Logger LOG = LoggerFactory.getLogger(ValidatorFailureLog.class);

    /** By identity, as two validators may be equal. */
    private final Set<RecordValidator> reported =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    @Override
    public void onFailure(RecordValidator plugin, String method, String message, Throwable failure) {
        if (reported.add(plugin)) {
            LOG.warn("{} in {}; further failures of it are logged at debug level", message, method, failure);
        } else {
            LOG.debug("{}", message, failure);
        }
    }
}

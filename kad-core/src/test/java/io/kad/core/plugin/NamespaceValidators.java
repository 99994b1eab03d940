package io.kad.core.plugin;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Validators that a service file can name; each gives its own reason for refusing everything. */
public final class NamespaceValidators {

    private NamespaceValidators() {}

    private abstract static class Strict implements RecordValidator {

        private final String namespace;

        Strict(String namespace) {
            this.namespace = namespace;
        }

        @Override
        public String namespace() {
            return namespace;
        }

        @Override
        public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
            return Optional.of("refused by " + getClass().getSimpleName());
        }

        @Override
        public int select(RecordKey key, List<Bytes> values, Instant now) {
            return 0;
        }
    }

    public static final class First extends Strict {
        public First() {
            super("first");
        }
    }

    public static final class Second extends Strict {
        public Second() {
            super("second");
        }
    }

    public static final class AnotherFirst extends Strict {
        public AnotherFirst() {
            super("first");
        }
    }
}

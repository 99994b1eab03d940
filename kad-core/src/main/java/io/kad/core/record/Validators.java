package io.kad.core.record;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The validators of all key namespaces; immutable, for any thread.
 *
 * <p>A validator that throws or answers out of range breaks no more than the decision it was asked for: the value counts as
 * invalid, or the first value as the best.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#entry-validation">kad-dht, entry validation</a>
 */
public final class Validators {

    private final Map<String, Rule> byNamespace;
    private final boolean strict;

    /** A validator, and the class by which messages name it. */
    private record Rule(RecordValidator validator, Class<?> plugin) {}

    /**
     * Accepts any value under keys of other namespaces than those of {@code validators}.
     *
     * @throws IllegalArgumentException naming both classes, if two rule the same namespace
     */
    public Validators(Collection<? extends RecordValidator> validators) {
        this(validators, false);
    }

    /**
     * Collects {@code validators}.
     *
     * @param strict whether keys of other namespaces are invalid
     * @throws IllegalArgumentException naming both classes, if two rule the same namespace
     */
    public Validators(Collection<? extends RecordValidator> validators, boolean strict) {
        Map<String, Rule> collected = new HashMap<>();
        for (RecordValidator validator : validators) {
            Rule rule = new Rule(validator, validator.getClass());
            Rule other = collected.putIfAbsent(validator.namespace(), rule);
            if (other != null) {
                throw new IllegalArgumentException("both " + other.plugin().getName() + " and "
                        + rule.plugin().getName() + " validate the namespace '" + validator.namespace() + "'");
            }
        }
        this.byNamespace = Map.copyOf(collected);
        this.strict = strict;
    }

    private Validators(Map<String, Rule> byNamespace, boolean strict) {
        this.byNamespace = byNamespace;
        this.strict = strict;
    }

    /** Returns these validators, each called through what {@code wrapper} makes of it; messages name the class of the validator. */
    public Validators through(UnaryOperator<RecordValidator> wrapper) {
        Map<String, Rule> wrapped = new HashMap<>();
        byNamespace.forEach(
                (namespace, rule) -> wrapped.put(namespace, new Rule(wrapper.apply(rule.validator()), rule.plugin())));
        return new Validators(Map.copyOf(wrapped), strict);
    }

    /** Returns why {@code record} must be neither stored nor used at {@code now}, in one line, or empty when it is valid. */
    public Optional<String> problem(Record record, Instant now) {
        if (record.key().bytes().isEmpty()) {
            return Optional.of("the key is empty");
        }
        if (record.isExpired(now)) {
            return Optional.of("the record has expired");
        }
        Optional<Rule> rule = ruleOf(record.key());
        if (rule.isEmpty()) {
            return strict
                    ? Optional.of("no validator rules the namespace of " + shown(record.key()))
                    : Optional.empty();
        }
        return validate(rule.get(), record, now);
    }

    private static Optional<String> validate(Rule rule, Record record, Instant now) {
        try {
            return rule.validator().validate(record.key(), record.value(), now);
        } catch (RuntimeException broken) {
            return Optional.of("validator " + rule.plugin().getName() + " failed: " + broken);
        }
    }

    /**
     * Returns the index of the best of {@code values}, by the validator of the key's namespace; 0 if there is none.
     *
     * @param values at least one value, each of them valid
     */
    public int best(RecordKey key, List<Bytes> values, Instant now) {
        int selected = values.size() == 1
                ? 0
                : ruleOf(key)
                        .map(rule -> select(rule.validator(), key, values, now))
                        .orElse(0);
        return selected >= 0 && selected < values.size() ? selected : 0;
    }

    /** Returns whether the validator of their key prefers {@code held}, if it is valid, to {@code other}, which has another value. */
    public boolean isBetter(Record held, Record other, Instant now) {
        return rule(held.key())
                && !held.value().equals(other.value())
                && problem(held, now).isEmpty()
                && best(held.key(), List.of(other.value(), held.value()), now) == 1;
    }

    /** Returns whether a validator rules the namespace of {@code key}. */
    public boolean rule(RecordKey key) {
        return ruleOf(key).isPresent();
    }

    private static int select(RecordValidator validator, RecordKey key, List<Bytes> values, Instant now) {
        try {
            return validator.select(key, values, now);
        } catch (RuntimeException broken) {
            return 0;
        }
    }

    private Optional<Rule> ruleOf(RecordKey key) {
        return key.namespace().map(byNamespace::get);
    }

    private static String shown(RecordKey key) {
        return key.bytes().utf8().orElseGet(() -> "0x" + key.bytes());
    }
}

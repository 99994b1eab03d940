package io.kad.api.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Assertions on refused input: exception type, and a message of one line. */
final class Refusals {

    private static final int MAX_LINE = 600;

    private Refusals() {}

    static void assertRefused(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isExactlyInstanceOf(IllegalArgumentException.class);
        assertOneLine(thrown);
    }

    static void assertRefused(ThrowingCallable call, String... parts) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isExactlyInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
        assertOneLine(thrown);
    }

    /** Runs {@code call}; returns whether it accepted its input, and fails if it threw another exception or message. */
    static boolean accepts(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        if (thrown == null) {
            return true;
        }
        assertThat(thrown).isExactlyInstanceOf(IllegalArgumentException.class);
        assertOneLine(thrown);
        return false;
    }

    private static void assertOneLine(Throwable thrown) {
        assertThat(thrown.getMessage()).isNotBlank().hasSizeLessThan(MAX_LINE);
        assertThat(thrown.getMessage().codePoints()).allMatch(Quoting::isPrintable);
    }
}

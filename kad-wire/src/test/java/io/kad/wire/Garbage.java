package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Invalid input for decoders, and its allowed effects. */
public final class Garbage {

    private Garbage() {}

    /** Decoding under test. */
    public interface Decoding {
        Object run() throws MalformedMessageException;
    }

    /** Asserts that decoding either succeeds or throws {@link MalformedMessageException}. */
    public static void isMalformedAtWorst(Decoding decoding) {
        try {
            assertThat(decoding.run()).isNotNull();
        } catch (MalformedMessageException expected) {
            assertThat(expected).hasMessageContaining(" ");
        }
    }

    /** Returns the given messages with one byte replaced, truncated, or extended. */
    public static Arbitrary<Bytes> corrupted(Bytes... originals) {
        return Arbitraries.of(originals)
                .flatMap(original -> Combinators.combine(
                                Arbitraries.integers().between(0, original.size() - 1),
                                Arbitraries.bytes(),
                                Arbitraries.integers().between(1, original.size()),
                                Arbitraries.bytes().array(byte[].class).ofMaxSize(8))
                        .as((at, value, length, tail) -> {
                            byte[] corrupted = original.toArray();
                            corrupted[at] = value;
                            return Bytes.concat(Bytes.copyOf(corrupted, 0, length), Bytes.of(tail));
                        }));
    }
}

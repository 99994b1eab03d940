package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Bytes that are not what they should be, and what reading them may lead to. */
public final class Garbage {

    private Garbage() {}

    /** Something that reads bytes. */
    public interface Decoding {
        Object run() throws MalformedMessageException;
    }

    /** Checks that reading either succeeds or throws nothing but what it may. */
    public static void isMalformedAtWorst(Decoding reading) {
        try {
            assertThat(reading.run()).isNotNull();
        } catch (MalformedMessageException expected) {
            assertThat(expected).hasMessageContaining(" ");
        }
    }

    /** Each of the given messages with a byte replaced, cut off, or lengthened. */
    public static Arbitrary<Bytes> corrupted(Bytes... originals) {
        return Arbitraries.of(originals)
                .flatMap(original -> Combinators.combine(
                                Arbitraries.integers().between(0, original.size() - 1),
                                Arbitraries.bytes(),
                                Arbitraries.integers().between(1, original.size()),
                                Arbitraries.bytes().array(byte[].class).ofMaxSize(8))
                        .as((at, value, length, tail) -> {
                            byte[] bent = original.toArray();
                            bent[at] = value;
                            return Bytes.concat(Bytes.copyOf(bent, 0, length), Bytes.of(tail));
                        }));
    }
}

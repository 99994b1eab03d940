package io.kad.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.util.Optional;

/** Reading of an input of a fuzz test. */
public final class Decoded {

    /** What a reader may allocate for each byte of its input, and beside that: an address of four bytes becomes some objects, and a refusal has a trace. */
    private static final long BYTES_PER_BYTE = 256;

    private static final long BYTES_OF_ITS_OWN = 256 * 1024;

    private Decoded() {}

    /**
     * Reader under test.
     *
     * @param <T> what it returns
     */
    public interface Reader<T> {
        T read(Bytes input) throws MalformedMessageException;
    }

    /** Returns what {@code reader} makes of {@code input}; empty if it refuses it with its documented exception. Limits what it allocates. */
    public static <T> Optional<T> of(Bytes input, Reader<T> reader) {
        AllocatedBytes.assertAtMost(
                BYTES_OF_ITS_OWN + BYTES_PER_BYTE * input.size(), () -> readOrRefuse(input, reader));
        return readOrRefuse(input, reader);
    }

    private static <T> Optional<T> readOrRefuse(Bytes input, Reader<T> reader) {
        try {
            return Optional.of(reader.read(input));
        } catch (MalformedMessageException refused) {
            assertThat(refused.reason()).isNotNull();
            assertThat(refused.getMessage()).isNotBlank();
            assertThat(refused.getMessage().lines()).hasSize(1);
            return Optional.empty();
        }
    }

    /** Returns {@code input} from {@code offset} on, or nothing. */
    public static Bytes tail(byte[] input, int offset) {
        return input.length <= offset ? Bytes.EMPTY : Bytes.copyOf(input, offset, input.length - offset);
    }
}

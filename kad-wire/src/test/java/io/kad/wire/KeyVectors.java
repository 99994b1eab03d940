package io.kad.wire;

import io.kad.api.id.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Keys of the peer ID specification, by name, such as {@code rsa-public}. */
public final class KeyVectors {

    private static final Map<String, Bytes> VECTORS = read();

    private KeyVectors() {}

    public static Bytes get(String name) {
        return VECTORS.get(name);
    }

    private static Map<String, Bytes> read() {
        try (InputStream in = KeyVectors.class.getResourceAsStream("key-vectors.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> Bytes.fromHex(parts[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

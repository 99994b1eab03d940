package io.kad.api.id;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Seeds of fuzz tests in a form that can be read. */
final class FuzzSeeds {

    private FuzzSeeds() {}

    static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> hex(String... seeds) {
        return Stream.of(seeds).map(HexFormat.of()::parseHex);
    }

    /** Returns the text that an input stands for. */
    static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}

package io.kad.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kad.node.option.UsageException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Utf8ArgumentsTest {

    private static final List<String> WORDS = List.of("put", "/app/gr\u00fc\u00dfe", "", "a b");

    /** Returns the words as the JVM decodes them. */
    private static List<String> decoded(List<String> words, Charset locale) {
        return words.stream()
                .map(word -> new String(word.getBytes(UTF_8), locale))
                .toList();
    }

    private static Optional<byte[]> commandLine(List<String> words) {
        return Optional.of(("java\0-jar\0kad.jar\0" + String.join("\0", words) + "\0").getBytes(UTF_8));
    }

    @Test
    void whatTheLocaleHasReplacedIsReadAgain() {
        assertThat(Utf8Arguments.decode(decoded(WORDS, US_ASCII), US_ASCII, commandLine(WORDS)))
                .isEqualTo(WORDS);
    }

    @Test
    void whatALocaleOfOneByteHasDecodedIsEncodedAgain() {
        assertThat(Utf8Arguments.decode(decoded(WORDS, ISO_8859_1), ISO_8859_1, Optional.empty()))
                .isEqualTo(WORDS);
    }

    @Test
    void whatIsLostIsRefused() {
        List<String> other = List.of("put", "/app/gr\u00f6\u00dfe", "", "b");
        for (Optional<byte[]> commandLine : List.of(
                Optional.<byte[]>empty(), commandLine(List.of("put")), commandLine(List.of("x", "y", "z", "w")))) {
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> Utf8Arguments.decode(decoded(other, US_ASCII), US_ASCII, commandLine))
                    .withMessageEndingWith(
                            "in a locale with the character set US-ASCII: use a UTF-8 locale, such as LC_ALL=C.UTF-8");
        }
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        byte[] bytes = "java\0/app/gr\u00fc\0".getBytes(ISO_8859_1);
        for (Charset locale : List.of(UTF_8, US_ASCII, ISO_8859_1)) {
            List<String> words = List.of(new String("/app/gr\u00fc".getBytes(ISO_8859_1), locale));
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> Utf8Arguments.decode(words, locale, Optional.of(bytes)))
                    .withMessageEndingWith("expected UTF-8");
        }
    }
}

package io.kad.node;

import io.kad.node.option.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Decoder of the command line as UTF-8, whatever the locale.
 *
 * <p>The JVM decodes the command line with the character set of the locale, and replaces what that does not have: two keys would become one.
 * The bytes are read again from {@code /proc}; without it they follow from the characters if none was replaced.
 */
final class Utf8Arguments {

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private Utf8Arguments() {}

    /**
     * Returns the words of the command line of this process.
     *
     * @param args the words as the JVM has decoded them
     * @throws UsageException if a word is not UTF-8, or what it was is lost
     */
    static String[] of(String[] args) {
        if (areAscii(List.of(args))) {
            return args;
        }
        return decode(List.of(args), locale(), commandLine()).toArray(String[]::new);
    }

    /**
     * Returns the words that {@code args} were.
     *
     * @param args the words as the JVM has decoded them
     * @param locale the character set with which it did
     * @param commandLine bytes of the whole command line, in which each word ends with 0; empty if they are not known
     */
    static List<String> decode(List<String> args, Charset locale, Optional<byte[]> commandLine) {
        List<byte[]> words = commandLine.map(Utf8Arguments::split).orElse(List.of());
        List<byte[]> last = words.subList(Math.max(0, words.size() - args.size()), words.size());
        List<String> decoded = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            boolean isKnown = last.size() == args.size() && new String(last.get(i), locale).equals(arg);
            decoded.add(areAscii(List.of(arg)) ? arg : isKnown ? utf8(last.get(i), arg) : encodedAgain(arg, locale));
        }
        return decoded;
    }

    private static String encodedAgain(String arg, Charset locale) {
        if (arg.indexOf('\uFFFD') >= 0 || !locale.newEncoder().canEncode(arg)) {
            throw new UsageException("cannot read the argument '" + arg + "' in a locale with the character set "
                    + locale.name() + ": use a UTF-8 locale, such as LC_ALL=C.UTF-8");
        }
        return utf8(arg.getBytes(locale), arg);
    }

    private static String utf8(byte[] word, String arg) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(word))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UsageException("invalid argument '" + arg + "': expected UTF-8", e);
        }
    }

    private static List<byte[]> split(byte[] commandLine) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < commandLine.length; at++) {
            if (commandLine[at] == 0) {
                words.add(Arrays.copyOfRange(commandLine, start, at));
                start = at + 1;
            }
        }
        return words;
    }

    private static boolean areAscii(List<String> words) {
        return words.stream().flatMapToInt(String::chars).allMatch(character -> character < 0x80);
    }

    private static Optional<byte[]> commandLine() {
        try {
            return Optional.of(Files.readAllBytes(COMMAND_LINE));
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    private static Charset locale() {
        try {
            return Charset.forName(System.getProperty("sun.jnu.encoding", StandardCharsets.UTF_8.name()));
        } catch (IllegalArgumentException unknown) {
            return Charset.defaultCharset();
        }
    }
}

package io.kad.bench.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converter of durations on the command line, such as {@code 500ms}, {@code 10s} or {@code 2m}. */
public final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

    @Override
    public Duration convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("invalid duration '" + text + "': expected one like 500ms, 10s or 2m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    /** Returns a duration of whole milliseconds in the form that {@link #convert} takes, in its greatest unit. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % Duration.ofMinutes(1).toMillis() == 0 && millis > 0) {
            return duration.toMinutes() + "m";
        }
        return millis % Duration.ofSeconds(1).toMillis() == 0 ? duration.toSeconds() + "s" : millis + "ms";
    }
}

package io.kad.node.remote;

import io.kad.api.id.Bytes;
import io.kad.node.api.CommandPath;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Command as a request of HTTP.
 *
 * @param path the path of the command
 * @param arguments its arguments, as they were given, without a value
 * @param options its options by their names, without the dashes
 * @param value what a put stores; empty for another command
 */
public record RemoteCall(CommandPath path, List<String> arguments, Map<String, String> options, Bytes value) {

    private static final Pattern PARAMETER = Pattern.compile("\\{[a-z]+}");

    /** Copies the arguments and options. */
    public RemoteCall {
        arguments = List.copyOf(arguments);
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** Returns the target of the request, a path and a query. */
    String target() {
        StringBuilder target = new StringBuilder(CommandPath.PREFIX);
        Matcher parameter = PARAMETER.matcher(path.path());
        int next = 0;
        while (parameter.find()) {
            parameter.appendReplacement(target, Matcher.quoteReplacement(encoded(arguments.get(next++))));
        }
        parameter.appendTail(target);
        Map<String, String> query = new LinkedHashMap<>(options);
        if (path.next() == CommandPath.Argument.ADDRESS) {
            query.put(CommandPath.ADDRESS, arguments.get(next));
        }
        String words = query.entrySet().stream()
                .map(word -> word.getKey() + "=" + encoded(word.getValue()))
                .collect(Collectors.joining("&"));
        return words.isEmpty()
                ? target.toString()
                : target.append('?').append(words).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

package io.kad.architecture;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of types and members in a document.
 *
 * <p>In Markdown these are code spans such as {@code KadEngine}, {@code Query.result()} or {@code SimNetwork#closest}; in an SVG picture,
 * camel-case words of its texts. Code blocks are not read: the compiler or a test reads them.
 */
final class DocumentNames {

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CODE_SPAN = Pattern.compile("`([^`\n]+)`");
    private static final Pattern NAME = Pattern.compile("([A-Z]\\w*[a-z]\\w*(?:[.#]\\w+)*)(?:\\(.*|<.*)?");
    private static final Pattern SVG_TEXT = Pattern.compile("<(?:text|tspan|title|desc)[^>]*>([^<]*)");
    private static final Pattern CAMEL_CASE = Pattern.compile("\\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+(?:[.#]\\w+)*");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)");

    private DocumentNames() {}

    /** Returns the names in {@code markdown}. */
    static Set<String> inMarkdown(String markdown) {
        String prose = CODE_BLOCK.matcher(markdown).replaceAll("");
        return names(CODE_SPAN
                .matcher(prose)
                .results()
                .map(span -> span.group(1))
                .flatMap(span -> NAME.matcher(span)
                        .results()
                        .filter(name -> name.group().equals(span))
                        .map(name -> name.group(1))));
    }

    /** Returns the names in {@code svg}. */
    static Set<String> inSvg(String svg) {
        return names(SVG_TEXT.matcher(svg)
                .results()
                .flatMap(text -> CAMEL_CASE.matcher(text.group(1)).results())
                .map(MatchResult::group));
    }

    /** Returns the relative paths that {@code markdown} links to, without anchors. */
    static Set<String> links(String markdown) {
        return names(
                LINK.matcher(markdown).results().map(link -> link.group(1)).filter(target -> !target.contains("://")));
    }

    private static Set<String> names(Stream<String> names) {
        Set<String> all = new LinkedHashSet<>();
        names.forEach(all::add);
        return all;
    }

    /** Returns the parts of a name: the type, then nested types or a member. */
    static List<String> path(String name) {
        return List.of(name.split("[.#]", -1));
    }
}

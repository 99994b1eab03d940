package io.kad.node.http;

import io.kad.api.id.Quoting;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Table of the routes. Immutable. */
final class Router {

    private static final String HEAD = "HEAD";
    private static final String GET = "GET";
    private static final String OPTIONS = "OPTIONS";

    private final List<RouteGroup> groups;

    Router(List<RouteGroup> groups) {
        this.groups = Stream.concat(groups.stream(), Stream.of(RouteGroup.of("", List.of())))
                .sorted(Comparator.comparingInt(
                                (RouteGroup group) -> group.prefix().length())
                        .reversed())
                .toList();
    }

    /**
     * Route of a request.
     *
     * @param parameters values of the parameters of the path
     */
    record Match(Route route, Map<String, String> parameters) {}

    /** Returns the group whose routes a path would have; that of all paths if no other has it. */
    RouteGroup group(RequestTarget target) {
        return groups.stream()
                .filter(group -> group.contains(target.path()))
                .findFirst()
                .orElseGet(() -> groups.get(groups.size() - 1));
    }

    /** Returns the route of a request; HEAD has that of GET. */
    Match find(String method, RequestTarget target) throws HttpException {
        List<Match> matches = ofPath(target);
        String served = method.equals(HEAD) ? GET : method;
        for (Match match : matches) {
            if (match.route().method().equals(served)) {
                return match;
            }
        }
        String allowed = allowed(matches);
        throw new HttpException(
                group(target).unknownMethod(),
                "method " + Quoting.text(method) + " is not supported for " + Quoting.text(target.path())
                        + "; supported: " + allowed,
                Map.of("Allow", allowed));
    }

    /** Returns the methods of a path, as the header {@code Allow} lists them; of all paths for {@code *}. */
    String allowed(RequestTarget target) throws HttpException {
        return allowed(target.segments().isEmpty() ? all() : ofPath(target));
    }

    private static String allowed(List<Match> matches) {
        TreeSet<String> methods =
                matches.stream().map(match -> match.route().method()).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains(GET)) {
            methods.add(HEAD);
        }
        methods.add(OPTIONS);
        return String.join(", ", methods);
    }

    private List<Match> all() {
        return groups.stream()
                .flatMap(group -> group.routes().stream())
                .map(route -> new Match(route, Map.of()))
                .toList();
    }

    /** Returns the routes of a path; a literal segment goes before a parameter. */
    private List<Match> ofPath(RequestTarget target) throws HttpException {
        List<Match> matches = groups.stream()
                .flatMap(group -> group.routes().stream())
                .flatMap(
                        route -> route.path().match(target.segments()).map(values -> new Match(route, values)).stream())
                .toList();
        if (matches.isEmpty()) {
            throw new HttpException(group(target).unknownPath(), "unknown path " + Quoting.text(target.path()));
        }
        int fewest = matches.stream()
                .mapToInt(match -> match.parameters().size())
                .min()
                .orElse(0);
        return matches.stream()
                .filter(match -> match.parameters().size() == fewest)
                .toList();
    }
}

package io.kad.node.http;

import java.util.List;

/**
 * Routes below one path, and the refusals of what they do not serve.
 *
 * @param prefix beginning of their paths, such as {@code /api}; empty for all paths
 * @param anyOrigin whether pages of any web site may use them (CORS)
 * @param unknownPath refusal of a path that no route has
 * @param unknownMethod refusal of a method that a path does not have
 * @param routes the routes
 */
public record RouteGroup(
        String prefix, boolean anyOrigin, HttpError unknownPath, HttpError unknownMethod, List<Route> routes) {

    /** Copies the routes, whose paths must begin with the prefix. */
    public RouteGroup {
        routes = List.copyOf(routes);
        for (Route route : routes) {
            if (!route.path().text().startsWith(prefix)) {
                throw new IllegalArgumentException(route.path() + " does not begin with " + prefix);
            }
        }
    }

    /** Returns routes for pages of this server alone, with the refusals of RFC 9110: 404 and 405. */
    public static RouteGroup of(String prefix, List<Route> routes) {
        return new RouteGroup(prefix, false, HttpError.NOT_FOUND, HttpError.METHOD_NOT_ALLOWED, routes);
    }

    /** Returns whether {@code path} is the prefix, or lies below it. */
    boolean contains(String path) {
        return path.startsWith(prefix)
                && (prefix.isEmpty() || path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}

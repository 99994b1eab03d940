package io.kad.node.http;

import java.util.List;

/**
 * Route: method and path, the body it takes and the types it returns, and its handler.
 *
 * @param method GET, POST, PUT or DELETE; HEAD and OPTIONS follow from the others
 * @param path the path
 * @param changesState whether it changes the peer, its records or its network; such calls need the right to do so
 * @param work what its handler does
 * @param body the body that it takes
 * @param produces media types of the answer, the default first
 * @param handler serves the requests
 */
public record Route(
        String method,
        PathTemplate path,
        boolean changesState,
        Work work,
        BodyRule body,
        List<String> produces,
        RouteHandler handler) {

    /** Kind of work of a handler, which says what it may take of the server. */
    public enum Work {
        /** It tells whether the node is alive, and is served however busy the server is: on the thread of the connections, which it must not block. */
        PROBE,
        /** It reads or changes this peer. */
        LOCAL,
        /** It waits for the network. */
        QUERY
    }

    /**
     * Body that a route takes.
     *
     * @param mediaType its type; empty if the route takes no body
     * @param maxBytes its largest size
     */
    public record BodyRule(String mediaType, int maxBytes) {

        /** Rule of a route that takes no body. */
        public static final BodyRule NONE = new BodyRule("", 0);
    }

    /** Copies the list. */
    public Route {
        produces = List.copyOf(produces);
    }

    /** Returns a route that reads, and answers in JSON. */
    public static Route get(String path, RouteHandler handler) {
        return of("GET", false, path, handler);
    }

    /** Returns a route that changes something, and answers in JSON. */
    public static Route change(String method, String path, RouteHandler handler) {
        return of(method, true, path, handler);
    }

    private static Route of(String method, boolean changesState, String path, RouteHandler handler) {
        return new Route(
                method,
                new PathTemplate(path),
                changesState,
                Work.LOCAL,
                BodyRule.NONE,
                List.of(MediaType.JSON),
                handler);
    }

    /** Returns this route with another handler. */
    public Route handledBy(RouteHandler other) {
        return new Route(method, path, changesState, work, body, produces, other);
    }

    /** Returns this route as one that waits for the network. */
    public Route asQuery() {
        return new Route(method, path, changesState, Work.QUERY, body, produces, handler);
    }

    /** Returns this route as a probe. */
    public Route asProbe() {
        return new Route(method, path, changesState, Work.PROBE, body, produces, handler);
    }

    /** Returns this route with a body of that type and at most so many bytes. */
    public Route consuming(String mediaType, int maxBytes) {
        return new Route(method, path, changesState, work, new BodyRule(mediaType, maxBytes), produces, handler);
    }

    /** Returns this route with answers of one of those types, the default first. */
    public Route producing(String... mediaTypes) {
        return new Route(method, path, changesState, work, body, List.of(mediaTypes), handler);
    }
}

package io.kad.node.api;

import io.kad.node.http.HttpException;
import io.kad.node.http.Request;
import io.kad.node.http.Route;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Operation of the API: a route, and what the OpenAPI document says about it.
 *
 * @param id name of the operation, unique
 * @param summary one sentence
 * @param route the route
 * @param parameters parameters of path and query; others are refused
 * @param success status of success
 */
record Operation(String id, String summary, Route route, List<Parameter> parameters, int success) {

    /** Copies the parameters, and checks that they are those of the path. */
    Operation {
        parameters = List.copyOf(parameters);
        List<String> inPath = parameters.stream()
                .filter(parameter -> !parameter.isInQuery())
                .map(Parameter::name)
                .toList();
        if (!inPath.equals(route.path().parameters())) {
            throw new IllegalArgumentException(
                    route.path() + " has the parameters " + route.path().parameters() + ", not " + inPath);
        }
    }

    /** Returns the route, which refuses unknown parameters. */
    Route checkedRoute() {
        Set<String> known = parameters.stream()
                .filter(Parameter::isInQuery)
                .map(Parameter::name)
                .collect(Collectors.toSet());
        return route.handledBy((request, exchange) -> {
            check(request, known);
            route.handler().handle(request, exchange);
        });
    }

    private static void check(Request request, Set<String> known) throws HttpException {
        request.checkQuery(known);
        for (String name : known) {
            var unused = request.queryValue(name);
        }
    }
}

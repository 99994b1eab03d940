package io.kad.node.api;

import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.Request;
import io.kad.node.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Operation of the API: a route, and what the OpenAPI document says about it.
 *
 * @param id name of the operation, unique
 * @param summary one sentence
 * @param route the route
 * @param parameters parameters of path and query; others are refused
 * @param success status of success, whose answer has a body
 * @param others further answers that are no refusal, without a body: what each status means
 */
record Operation(
        String id, String summary, Route route, List<Parameter> parameters, int success, Map<Integer, String> others) {

    /** Copies the parameters, and checks that they are those of the path. */
    Operation {
        parameters = List.copyOf(parameters);
        others = Map.copyOf(others);
        List<String> inPath = parameters.stream()
                .filter(Parameter::isInPath)
                .map(Parameter::name)
                .toList();
        if (!inPath.equals(route.path().parameters())) {
            throw new IllegalArgumentException(
                    route.path() + " has the parameters " + route.path().parameters() + ", not " + inPath);
        }
    }

    /** Creates an operation without further answers. */
    Operation(String id, String summary, Route route, List<Parameter> parameters, int success) {
        this(id, summary, route, parameters, success, Map.of());
    }

    /** Returns the route, which refuses unknown parameters. */
    Route checkedRoute() {
        List<Parameter> known = parameters.stream().filter(Parameter::isInQuery).toList();
        return route.handledBy((request, exchange) -> {
            check(request, known);
            route.handler().handle(request, exchange);
        });
    }

    private static void check(Request request, List<Parameter> known) throws HttpException {
        request.checkQuery(known.stream().map(Parameter::name).collect(Collectors.toSet()));
        for (Parameter parameter : known) {
            Optional<String> refusal = request.queryValue(parameter.name()).flatMap(parameter::refusal);
            if (refusal.isPresent()) {
                throw new HttpException(HttpError.BAD_REQUEST, refusal.get());
            }
        }
    }
}

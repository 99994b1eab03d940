package io.kad.bench.compare;

import io.kad.bench.load.RequestKind;
import java.util.Arrays;
import java.util.Locale;

/** Load under which the servers are compared. */
enum LoadScenario {
    FIND_NODE_FRESH(RequestKind.FIND_NODE, true, 1, 32),
    FIND_NODE_KEPT(RequestKind.FIND_NODE, false, 1, 32),
    FIND_NODE_64_CONNECTIONS(RequestKind.FIND_NODE, false, 64, 64),
    GET_VALUE_KEPT(RequestKind.GET_VALUE, false, 1, 32),
    GET_PROVIDERS_KEPT(RequestKind.GET_PROVIDERS, false, 1, 32),
    PUT_VALUE_KEPT(RequestKind.PUT_VALUE, false, 1, 32),
    ADD_PROVIDER_FRESH(RequestKind.ADD_PROVIDER, true, 1, 32);

    private final RequestKind request;
    private final boolean fresh;
    private final int connections;
    private final int inFlight;

    LoadScenario(RequestKind request, boolean fresh, int connections, int inFlight) {
        this.request = request;
        this.fresh = fresh;
        this.connections = connections;
        this.inFlight = inFlight;
    }

    RequestKind request() {
        return request;
    }

    boolean fresh() {
        return fresh;
    }

    int connections() {
        return connections;
    }

    int inFlight() {
        return inFlight;
    }

    /** Returns the name in metrics and options. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the scenario of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static LoadScenario named(String option) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.option().equals(option))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("invalid scenario '" + option + "': expected one of "
                        + Arrays.stream(values()).map(LoadScenario::option).toList()));
    }
}

package io.kad.bench.load;

import io.kad.api.Security;
import io.kad.api.message.PeerInfo;
import io.kad.bench.measure.Times;
import java.time.Duration;
import java.util.OptionalDouble;

/** Plans of short runs. */
final class Plans {

    private static final LoadPlan.Data DATA = new LoadPlan.Data(1, 5, 64, 2);

    /** Ends only what hangs. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Plans() {}

    static LoadPlan closed(PeerInfo server, RequestKind request, Security security, boolean fresh, int connections) {
        return plan(
                server,
                request,
                security,
                fresh,
                connections,
                OptionalDouble.empty(),
                times(Duration.ofMillis(300)),
                TIMEOUT);
    }

    static LoadPlan open(PeerInfo server, RequestKind request, double rate, Duration time) {
        return plan(server, request, Security.NOISE, false, 2, OptionalDouble.of(rate), times(time), TIMEOUT);
    }

    private static Times times(Duration measurement) {
        return new Times(Duration.ZERO, measurement, TIMEOUT);
    }

    /** A plan of ADD_PROVIDER whose search for what is stored ends after {@code probeTimeout}. */
    static LoadPlan announcing(PeerInfo server, Duration probeTimeout) {
        return plan(
                server,
                RequestKind.ADD_PROVIDER,
                Security.NOISE,
                true,
                1,
                OptionalDouble.empty(),
                new Times(Duration.ofMillis(200), Duration.ofMillis(300), TIMEOUT),
                probeTimeout);
    }

    private static LoadPlan plan(
            PeerInfo server,
            RequestKind request,
            Security security,
            boolean fresh,
            int connections,
            OptionalDouble rate,
            Times times,
            Duration probeTimeout) {
        return new LoadPlan(
                server,
                StubServer.PROTOCOL,
                security,
                fresh,
                connections,
                request,
                4,
                rate,
                10_000,
                times,
                probeTimeout,
                DATA);
    }
}

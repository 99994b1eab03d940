package io.kad.bench.http;

import io.kad.bench.cli.CommandException;
import io.kad.bench.cli.OptionChecks;
import io.kad.bench.measure.Times;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Load that is sent to the HTTP of a node. Immutable.
 *
 * @param url what is requested
 * @param accept media type of the header Accept
 * @param connections number of connections, each with one request at a time
 * @param minBytes bytes of the least body that holds what was asked for
 * @param times how long it is sent
 */
record HttpPlan(URI url, String accept, int connections, long minBytes, Times times) {

    /** What a URL without a port has. */
    private static final int NO_PORT = -1;

    private static final int DEFAULT_PORT = 80;
    private static final int MAX_PORT = 65535;

    /**
     * Checks the values.
     *
     * @throws CommandException that names the option that is out of range
     */
    HttpPlan {
        OptionChecks.require(
                "http".equals(url.getScheme()) && url.getHost() != null,
                "URL",
                "one such as http://127.0.0.1:5001/routing/v1/providers/CID",
                url);
        OptionChecks.require(
                url.getPort() == NO_PORT || (url.getPort() >= 1 && url.getPort() <= MAX_PORT),
                "URL",
                "a port of 1 to " + MAX_PORT,
                url);
        OptionChecks.require(connections >= 1 && connections <= 1000, "--connections", "1 to 1000", connections);
        OptionChecks.require(
                !accept.isBlank() && accept.chars().allMatch(c -> c >= ' ' && c < 0x7f),
                "--accept",
                "a media type such as application/x-ndjson",
                accept);
        OptionChecks.require(minBytes >= 0, "--min-bytes", "0 or more", minBytes);
    }

    /** Looks the host up, and returns the address of the server; without a host if it has no address. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(url.getHost(), url.getPort() == NO_PORT ? DEFAULT_PORT : url.getPort());
    }

    /** Returns the target of the request line. */
    String target() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }
}

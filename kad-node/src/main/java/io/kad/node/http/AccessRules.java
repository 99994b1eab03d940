package io.kad.node.http;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * Rules who may change something: whoever has the token; without a token, programs of the same machine, but no page of a web site. Immutable.
 */
final class AccessRules {

    private final Optional<AccessToken> token;
    private final boolean isLoopback;

    AccessRules(Optional<AccessToken> token, InetSocketAddress address) {
        this.token = token;
        this.isLoopback = address.getAddress().isLoopbackAddress();
    }

    /** Returns whether some client may change something. */
    boolean allowChanges() {
        return token.isPresent() || isLoopback;
    }

    /**
     * Checks that a request may change something.
     *
     * @param authorization value of that header; empty if the request does not have it
     * @param origin value of that header, which browsers send; empty if the request does not have it
     * @param host the host that the request was sent to
     */
    void check(String authorization, String origin, String host) throws HttpException {
        if (token.isPresent()) {
            if (!token.get().isIn(authorization)) {
                throw new HttpException(
                        HttpError.UNAUTHORIZED,
                        authorization.isEmpty()
                                ? "missing token: send the header 'Authorization: Bearer TOKEN'"
                                : "invalid token in the header Authorization",
                        Map.of("WWW-Authenticate", "Bearer realm=\"kad\""));
            }
        } else if (!isLoopback) {
            throw new HttpException(
                    HttpError.FORBIDDEN,
                    "calls that change something need a token at an address that is not a loopback address:"
                            + " start the node with --http-token or --data");
        } else if (!origin.isEmpty() && !origin.equalsIgnoreCase("http://" + host)) {
            throw new HttpException(HttpError.FORBIDDEN, "pages of other web sites may not change anything: " + origin);
        }
    }
}

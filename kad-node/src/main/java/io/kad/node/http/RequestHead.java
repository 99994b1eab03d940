package io.kad.node.http;

import io.kad.api.id.Quoting;
import io.kad.node.http.limit.HttpLimits;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Checks of the head of a request, in the order of their costs; whatever fails is refused before the body is read. */
final class RequestHead {

    private static final String IDENTITY = "identity";

    private final Router router;
    private final HostCheck hostCheck;
    private final AccessRules access;

    RequestHead(Router router, HostCheck hostCheck, AccessRules access) {
        this.router = router;
        this.hostCheck = hostCheck;
        this.access = access;
    }

    /**
     * Request that may be served once its body is there.
     *
     * @param headers its headers, as {@link Request#headers} has them
     * @param mediaType type of the answer
     */
    record Accepted(
            Router.Match match, RequestTarget target, String method, Map<String, String> headers, String mediaType) {}

    /** Checks that the head could be read. */
    static void checkReadable(HttpRequest request) throws HttpException {
        Throwable failure = request.decoderResult().cause();
        if (failure instanceof TooLongHttpLineException) {
            throw new HttpException(
                    HttpError.URI_TOO_LONG,
                    "the request line exceeds the limit of " + HttpLimits.HEAD_BYTES + " bytes");
        } else if (failure instanceof TooLongHttpHeaderException) {
            throw new HttpException(
                    HttpError.HEADERS_TOO_LARGE, "the headers exceed the limit of " + HttpLimits.HEAD_BYTES + " bytes");
        } else if (failure != null) {
            throw new HttpException(HttpError.BAD_REQUEST, "malformed request: expected HTTP/1.1");
        }
    }

    /** Returns the headers of each answer to a request with this target: whether pages of other web sites may read it. */
    Map<String, String> commonHeaders(RequestTarget target) {
        return router.group(target).anyOrigin()
                ? Map.of("Access-Control-Allow-Origin", "*", "Access-Control-Allow-Methods", "GET, OPTIONS")
                : Map.of();
    }

    /** Checks the host; returns it. */
    String checkHost(HttpRequest request, RequestTarget target) throws HttpException {
        if (request.headers().contains(HttpHeaderNames.CONTENT_LENGTH) && HttpUtil.isTransferEncodingChunked(request)) {
            throw new HttpException(
                    HttpError.BAD_REQUEST, "a request must not have both Content-Length and Transfer-Encoding");
        }
        return hostCheck.check(
                request.headers().getAll(HttpHeaderNames.HOST),
                target,
                request.protocolVersion().equals(HttpVersion.HTTP_1_1));
    }

    /** Returns the answer to OPTIONS, also to the preflight request of a browser. */
    Response options(RequestTarget target) throws HttpException {
        Response options = Response.empty(204).with("Allow", router.allowed(target));
        return router.group(target).anyOrigin()
                ? options.with("Access-Control-Allow-Headers", "Accept, Content-Type")
                        .with("Access-Control-Max-Age", "86400")
                : options;
    }

    /** Returns the request if it has a route, an acceptable type of answer, the right to what it does, and a body that the route takes. */
    Accepted check(HttpRequest request, RequestTarget target, String host) throws HttpException {
        String method = request.method().name();
        HttpHeaders headers = request.headers();
        Router.Match match = router.find(method, target);
        Route route = match.route();
        String accept = String.join(",", headers.getAll(HttpHeaderNames.ACCEPT));
        String mediaType = MediaType.choose(accept, route.produces())
                .orElseThrow(() -> new HttpException(
                        HttpError.NOT_ACCEPTABLE,
                        "no type of the header Accept is supported; supported: "
                                + String.join(", ", route.produces())));
        if (route.changesState()) {
            access.check(value(headers, HttpHeaderNames.AUTHORIZATION), value(headers, HttpHeaderNames.ORIGIN), host);
        }
        if (hasBody(request)) {
            checkBody(request, route.body());
        }
        return new Accepted(match, target, method, byName(headers), mediaType);
    }

    /** Returns the headers for the handler, without the token, which was checked. */
    private static Map<String, String> byName(HttpHeaders headers) {
        Map<String, String> values = new HashMap<>();
        headers.copy()
                .remove(HttpHeaderNames.AUTHORIZATION)
                .forEach(header -> values.merge(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue(),
                        (first, next) -> first + ", " + next));
        return values;
    }

    private static String value(HttpHeaders headers, CharSequence name) {
        return Objects.requireNonNullElse(headers.get(name), "");
    }

    /** Returns whether a body follows the head. */
    static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || length(request) > 0;
    }

    /** Returns the length of the body that a request states; 0 if it states none. */
    static long length(HttpRequest request) {
        return HttpUtil.getContentLength(request, 0L);
    }

    private static void checkBody(HttpRequest request, Route.BodyRule body) throws HttpException {
        if (body.mediaType().isEmpty()) {
            throw new HttpException(HttpError.BAD_REQUEST, "this method and path take no body");
        }
        String given = value(request.headers(), HttpHeaderNames.CONTENT_TYPE);
        String encoding = value(request.headers(), HttpHeaderNames.CONTENT_ENCODING);
        if (!MediaType.essence(given).equals(body.mediaType()) || !(encoding.isEmpty() || encoding.equals(IDENTITY))) {
            throw new HttpException(
                    HttpError.UNSUPPORTED_MEDIA_TYPE,
                    "unsupported Content-Type " + Quoting.text(given) + ": expected " + body.mediaType()
                            + " without Content-Encoding",
                    Map.of("Accept", body.mediaType()));
        }
        if (length(request) > body.maxBytes()) {
            throw tooLarge(body.maxBytes());
        }
    }

    /** Returns the refusal of a body over its limit. */
    static HttpException tooLarge(int maxBytes) {
        return new HttpException(HttpError.TOO_LARGE, "the body exceeds the limit of " + maxBytes + " bytes");
    }
}

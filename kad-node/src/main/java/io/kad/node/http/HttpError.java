package io.kad.node.http;

import io.kad.node.output.ErrorCode;

/** Kinds of refusals, each with its status (RFC 9110 section 15) and the code of its JSON body. */
public enum HttpError {
    BAD_REQUEST(400, "bad-input"),
    UNAUTHORIZED(401, "unauthorized"),
    FORBIDDEN(403, "forbidden"),
    NOT_FOUND(404, "not-found"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed"),
    NOT_ACCEPTABLE(406, "not-acceptable"),
    REQUEST_TIMEOUT(408, "timeout"),
    CONFLICT(409, "conflict"),
    TOO_LARGE(413, "too-large"),
    URI_TOO_LONG(414, "too-large"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type"),
    UNPROCESSABLE(422, "bad-input"),
    HEADERS_TOO_LARGE(431, "too-large"),
    INTERNAL(500, "internal"),
    NOT_IMPLEMENTED(501, "not-implemented"),
    BAD_GATEWAY(502, "unreachable"),
    UNAVAILABLE(503, "overloaded"),
    GATEWAY_TIMEOUT(504, "timeout");

    private final int status;
    private final String code;

    HttpError(int status, String code) {
        this.status = status;
        this.code = code;
    }

    /** Returns the kind that a failure of a command has as an answer. */
    public static HttpError of(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND -> NOT_FOUND;
            case QUORUM_FAILED, UNREACHABLE -> BAD_GATEWAY;
            case NO_PEERS, OVERLOADED -> UNAVAILABLE;
            case TIMEOUT -> GATEWAY_TIMEOUT;
            case BAD_INPUT -> BAD_REQUEST;
            case INVALID_RECORD -> UNPROCESSABLE;
            case SUPERSEDED -> CONFLICT;
            case IO, INTERNAL -> INTERNAL;
        };
    }

    /** Returns the status code. */
    public int status() {
        return status;
    }

    /** Returns the code of the JSON body. */
    public String code() {
        return code;
    }
}

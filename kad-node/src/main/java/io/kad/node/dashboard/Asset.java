package io.kad.node.dashboard;

import io.kad.api.id.Bytes;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * File of the page. Immutable.
 *
 * @param mediaType its type
 * @param entityTag quoted hash of the content (RFC 9110 section 8.8.3)
 * @param content its bytes
 */
record Asset(String mediaType, String entityTag, Bytes content) {

    /**
     * Nothing is loaded from elsewhere, no script or style within the page is run, and a text can't become markup: what remote peers have said is
     * shown as text or not at all.
     */
    static final String SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    private static final Map<String, String> SECURITY = Map.of(
            "Content-Security-Policy", SECURITY_POLICY,
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Referrer-Policy", "no-referrer");

    private static final int TAG_BYTES = 16;

    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css",
            "html", "text/html",
            "js", "text/javascript",
            "svg", "image/svg+xml");

    /** Loads the file of that name, which must be among the resources. */
    static Asset load(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        try (InputStream in = Asset.class.getResourceAsStream(name)) {
            if (in == null || type == null) {
                throw new IllegalStateException("no resource of a known type: " + name);
            }
            byte[] content = in.readAllBytes();
            return new Asset(type, tag(content), Bytes.of(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the file, or 304 without it if the client has this version. */
    Response response(Request request) {
        Map<String, String> headers = new TreeMap<>(SECURITY);
        headers.put("ETag", entityTag);
        headers.put(
                "Cache-Control", "no-cache"); // a browser asks each time, so that no file of another version is used
        if (request.header("If-None-Match").filter(this::isAtClient).isPresent()) {
            return new Response(304, headers, Bytes.EMPTY);
        }
        headers.put("Content-Type", mediaType + "; charset=utf-8");
        return new Response(200, headers, content);
    }

    private boolean isAtClient(String tags) {
        return tags.strip().equals("*")
                || Arrays.stream(tags.split(",", -1))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(entityTag::equals);
    }
}

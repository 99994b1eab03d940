package io.kad.transport.netty.muxer;

/**
 * Codes that say why a stream was reset or a connection closed; unsigned 32-bit numbers.
 *
 * @see <a href="https://github.com/libp2p/specs/tree/master/error-codes">libp2p error codes</a>
 */
public final class ErrorCode {

    /** No particular reason. */
    public static final long NONE = 0;

    /** A limit was reached; the other peer should back off. */
    public static final long RESOURCE_LIMIT = 0x1002;

    /** Largest code. */
    public static final long MAX = 0xffff_ffffL;

    private ErrorCode() {}

    /**
     * Returns {@code code}.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public static long check(long code) {
        if (code < 0 || code > MAX) {
            throw new IllegalArgumentException("reset code must be between 0 and " + MAX + ", got " + code);
        }
        return code;
    }
}

package io.kad.api.id;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Protocols of addresses: code, name and transcoder of each.
 *
 * @see <a href="https://github.com/multiformats/multiaddr/blob/master/protocols.csv">multiaddr protocols</a>
 */
public enum MultiaddrProtocol {
    IP4(4, "ip4", MultiaddrTranscoder.IP4),
    TCP(6, "tcp", MultiaddrTranscoder.PORT),
    DCCP(33, "dccp", MultiaddrTranscoder.PORT),
    IP6(41, "ip6", MultiaddrTranscoder.IP6),
    IP6ZONE(42, "ip6zone", MultiaddrTranscoder.TEXT),
    IPCIDR(43, "ipcidr", MultiaddrTranscoder.PREFIX_LENGTH),
    DNS(53, "dns", MultiaddrTranscoder.TEXT),
    DNS4(54, "dns4", MultiaddrTranscoder.TEXT),
    DNS6(55, "dns6", MultiaddrTranscoder.TEXT),
    DNSADDR(56, "dnsaddr", MultiaddrTranscoder.TEXT),
    SCTP(132, "sctp", MultiaddrTranscoder.PORT),
    UDP(273, "udp", MultiaddrTranscoder.PORT),
    P2P_WEBRTC_STAR(275, "p2p-webrtc-star", MultiaddrTranscoder.NONE),
    P2P_WEBRTC_DIRECT(276, "p2p-webrtc-direct", MultiaddrTranscoder.NONE),
    P2P_STARDUST(277, "p2p-stardust", MultiaddrTranscoder.NONE),
    WEBRTC_DIRECT(280, "webrtc-direct", MultiaddrTranscoder.NONE),
    WEBRTC(281, "webrtc", MultiaddrTranscoder.NONE),
    P2P_CIRCUIT(290, "p2p-circuit", MultiaddrTranscoder.NONE),
    UDT(301, "udt", MultiaddrTranscoder.NONE),
    UTP(302, "utp", MultiaddrTranscoder.NONE),
    UNIX(400, "unix", MultiaddrTranscoder.PATH),
    P2P(421, "p2p", MultiaddrTranscoder.PEER),
    HTTPS(443, "https", MultiaddrTranscoder.NONE),
    ONION(444, "onion", MultiaddrTranscoder.ONION),
    ONION3(445, "onion3", MultiaddrTranscoder.ONION3),
    GARLIC64(446, "garlic64", MultiaddrTranscoder.GARLIC64),
    GARLIC32(447, "garlic32", MultiaddrTranscoder.GARLIC32),
    TLS(448, "tls", MultiaddrTranscoder.NONE),
    SNI(449, "sni", MultiaddrTranscoder.TEXT),
    NOISE(454, "noise", MultiaddrTranscoder.NONE),
    QUIC(460, "quic", MultiaddrTranscoder.NONE),
    QUIC_V1(461, "quic-v1", MultiaddrTranscoder.NONE),
    WEBTRANSPORT(465, "webtransport", MultiaddrTranscoder.NONE),
    CERTHASH(466, "certhash", MultiaddrTranscoder.CERTHASH),
    WS(477, "ws", MultiaddrTranscoder.NONE),
    WSS(478, "wss", MultiaddrTranscoder.NONE),
    P2P_WEBSOCKET_STAR(479, "p2p-websocket-star", MultiaddrTranscoder.NONE),
    HTTP(480, "http", MultiaddrTranscoder.NONE),
    HTTP_PATH(481, "http-path", MultiaddrTranscoder.HTTP_PATH),
    MEMORY(777, "memory", MultiaddrTranscoder.MEMORY);

    private static final @Nullable MultiaddrProtocol[] BY_CODE = new MultiaddrProtocol[MEMORY.code + 1];
    private static final Map<String, MultiaddrProtocol> BY_NAME = new HashMap<>();

    static {
        for (MultiaddrProtocol protocol : values()) {
            BY_CODE[protocol.code] = protocol;
            BY_NAME.put(protocol.text, protocol);
        }
        BY_NAME.put("ipfs", P2P);
    }

    private final int code;
    private final String text;
    private final MultiaddrTranscoder transcoder;

    MultiaddrProtocol(int code, String text, MultiaddrTranscoder transcoder) {
        this.code = code;
        this.text = text;
        this.transcoder = transcoder;
    }

    /** Returns the code of this protocol in the multicodec table. */
    public int code() {
        return code;
    }

    /** Returns the name of this protocol. */
    public String text() {
        return text;
    }

    MultiaddrTranscoder transcoder() {
        return transcoder;
    }

    /** Returns the binary value of {@code text}. */
    Bytes parse(String text) {
        try {
            return transcoder.parse(text);
        } catch (IllegalArgumentException e) {
            throw withName(e);
        }
    }

    /**
     * Checks that the bytes of {@code whole} from {@code from} to {@code to} are a value of this protocol; throws
     * {@link IllegalArgumentException} otherwise.
     */
    void check(Bytes whole, int from, int to) {
        if (!transcoder.isVariable() && to - from != transcoder.size()) {
            throw new IllegalArgumentException(
                    text + ": value must have " + transcoder.size() + " bytes, got " + (to - from));
        }
        try {
            transcoder.check(whole, from, to);
        } catch (IllegalArgumentException e) {
            throw withName(e);
        }
    }

    private IllegalArgumentException withName(IllegalArgumentException e) {
        return new IllegalArgumentException(text + ": " + e.getMessage(), e);
    }

    /** Returns the protocol with this code; throws {@link IllegalArgumentException} if it is unknown. */
    static MultiaddrProtocol ofCode(long code) {
        MultiaddrProtocol protocol = code < 0 || code >= BY_CODE.length ? null : BY_CODE[(int) code];
        if (protocol == null) {
            throw new IllegalArgumentException("unknown protocol code " + code);
        }
        return protocol;
    }

    /** Returns the protocol with this name; throws {@link IllegalArgumentException} if it is unknown. */
    static MultiaddrProtocol ofName(String name) {
        MultiaddrProtocol protocol = BY_NAME.get(name);
        if (protocol == null) {
            throw new IllegalArgumentException("unknown protocol " + Quoting.text(name));
        }
        return protocol;
    }
}

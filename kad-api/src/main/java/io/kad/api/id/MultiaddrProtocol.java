package io.kad.api.id;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The protocols that make up addresses: number, name and form of the value of each.
 *
 * @see <a href="https://github.com/multiformats/multiaddr/blob/master/protocols.csv">multiaddr protocols</a>
 */
public enum MultiaddrProtocol {
    IP4(4, "ip4", MultiaddrValue.IP4),
    TCP(6, "tcp", MultiaddrValue.PORT),
    DCCP(33, "dccp", MultiaddrValue.PORT),
    IP6(41, "ip6", MultiaddrValue.IP6),
    IP6ZONE(42, "ip6zone", MultiaddrValue.TEXT),
    IPCIDR(43, "ipcidr", MultiaddrValue.PREFIX_LENGTH),
    DNS(53, "dns", MultiaddrValue.TEXT),
    DNS4(54, "dns4", MultiaddrValue.TEXT),
    DNS6(55, "dns6", MultiaddrValue.TEXT),
    DNSADDR(56, "dnsaddr", MultiaddrValue.TEXT),
    SCTP(132, "sctp", MultiaddrValue.PORT),
    UDP(273, "udp", MultiaddrValue.PORT),
    P2P_WEBRTC_STAR(275, "p2p-webrtc-star", MultiaddrValue.NONE),
    P2P_WEBRTC_DIRECT(276, "p2p-webrtc-direct", MultiaddrValue.NONE),
    P2P_STARDUST(277, "p2p-stardust", MultiaddrValue.NONE),
    WEBRTC_DIRECT(280, "webrtc-direct", MultiaddrValue.NONE),
    WEBRTC(281, "webrtc", MultiaddrValue.NONE),
    P2P_CIRCUIT(290, "p2p-circuit", MultiaddrValue.NONE),
    UDT(301, "udt", MultiaddrValue.NONE),
    UTP(302, "utp", MultiaddrValue.NONE),
    UNIX(400, "unix", MultiaddrValue.PATH),
    P2P(421, "p2p", MultiaddrValue.PEER),
    HTTPS(443, "https", MultiaddrValue.NONE),
    ONION(444, "onion", MultiaddrValue.ONION),
    ONION3(445, "onion3", MultiaddrValue.ONION3),
    GARLIC64(446, "garlic64", MultiaddrValue.GARLIC64),
    GARLIC32(447, "garlic32", MultiaddrValue.GARLIC32),
    TLS(448, "tls", MultiaddrValue.NONE),
    SNI(449, "sni", MultiaddrValue.TEXT),
    NOISE(454, "noise", MultiaddrValue.NONE),
    QUIC(460, "quic", MultiaddrValue.NONE),
    QUIC_V1(461, "quic-v1", MultiaddrValue.NONE),
    WEBTRANSPORT(465, "webtransport", MultiaddrValue.NONE),
    CERTHASH(466, "certhash", MultiaddrValue.CERTHASH),
    WS(477, "ws", MultiaddrValue.NONE),
    WSS(478, "wss", MultiaddrValue.NONE),
    P2P_WEBSOCKET_STAR(479, "p2p-websocket-star", MultiaddrValue.NONE),
    HTTP(480, "http", MultiaddrValue.NONE),
    HTTP_PATH(481, "http-path", MultiaddrValue.HTTP_PATH),
    MEMORY(777, "memory", MultiaddrValue.MEMORY);

    private static final Map<Integer, MultiaddrProtocol> BY_CODE = new HashMap<>();
    private static final Map<String, MultiaddrProtocol> BY_NAME = new HashMap<>();

    static {
        for (MultiaddrProtocol protocol : values()) {
            BY_CODE.put(protocol.code, protocol);
            BY_NAME.put(protocol.text, protocol);
        }
        BY_NAME.put("ipfs", P2P);
    }

    private final int code;
    private final String text;
    private final MultiaddrValue value;

    MultiaddrProtocol(int code, String text, MultiaddrValue value) {
        this.code = code;
        this.text = text;
        this.value = value;
    }

    /** Returns the number of this protocol in the multicodec table. */
    public int code() {
        return code;
    }

    /** Returns the name of this protocol in text. */
    public String text() {
        return text;
    }

    MultiaddrValue value() {
        return value;
    }

    Bytes encodedCode() {
        return UnsignedVarint.encode(code);
    }

    static Optional<MultiaddrProtocol> ofCode(long code) {
        return code > Integer.MAX_VALUE ? Optional.empty() : Optional.ofNullable(BY_CODE.get((int) code));
    }

    static Optional<MultiaddrProtocol> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}

package io.kad.api;

/** Security protocol of connections over TCP, which authenticates both peers and encrypts. QUIC has TLS built in. */
public enum Security {

    /** Noise ({@code /noise}), which every libp2p implementation has. */
    NOISE,

    /** TLS 1.3 ({@code /tls/1.0.0}). It needs the library netty-tcnative-boringssl-static of the platform. */
    TLS
}

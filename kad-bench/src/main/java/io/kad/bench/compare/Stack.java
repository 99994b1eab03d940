package io.kad.bench.compare;

import io.kad.api.Security;

/** Layers that carry the connections: TCP with Noise or TLS and Yamux, or QUIC. */
enum Stack {
    NOISE("/ip4/127.0.0.1/tcp/0", Security.NOISE),
    TLS("/ip4/127.0.0.1/tcp/0", Security.TLS),
    QUIC("/ip4/127.0.0.1/udp/0/quic-v1", Security.TLS);

    private final String listen;
    private final Security security;

    Stack(String listen, Security security) {
        this.listen = listen;
        this.security = security;
    }

    /** Returns the address to listen on. */
    String listen() {
        return listen;
    }

    /** Returns the security protocol over TCP. */
    Security security() {
        return security;
    }

    /** Returns the name that the programs take. */
    String option() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}

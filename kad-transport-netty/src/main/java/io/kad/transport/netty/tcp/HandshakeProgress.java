package io.kad.transport.netty.tcp;

/** Progress of the handshake of a {@link TcpProtocol}, from an accepted connection to bytes of libp2p. Called on the event loop of the connection. */
public interface HandshakeProgress {

    /** Called when the remote peer has done a step, such as the handshake of TLS; a protocol has a few of them. */
    void onAdvanced();

    /** Called by the last handler, when bytes of libp2p may be received and sent. */
    void onReady();
}

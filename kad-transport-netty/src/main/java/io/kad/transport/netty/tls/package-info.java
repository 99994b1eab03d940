/**
 * The {@code /tls/1.0.0} secure channel of libp2p, and the certificates that QUIC uses too: TLS 1.3 in which both peers show a self-signed
 * certificate whose extension binds its key to the key of the peer.
 *
 * <p>{@link io.kad.transport.netty.tls.LocalCertificate} makes the certificate of the local peer, {@link
 * io.kad.transport.netty.tls.RemoteCertificate} checks that of the remote one, and {@link io.kad.transport.netty.tls.TlsHandshakeHandler}
 * secures a channel. BoringSSL does the rest, because the TLS of the Java platform cannot parse the certificates of rust-libp2p and
 * js-libp2p, which have an empty subject.
 *
 * <p>Threading: handlers are confined to one event loop; the other types are immutable or thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/tls/tls.md">libp2p TLS handshake</a>
 */
@NullMarked
package io.kad.transport.netty.tls;

import org.jspecify.annotations.NullMarked;

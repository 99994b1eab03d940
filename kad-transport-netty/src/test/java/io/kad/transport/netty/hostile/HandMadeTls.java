package io.kad.transport.netty.hostile;

import io.kad.transport.netty.tls.HandMadeCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS 1.3 of a dialer by the JDK, which trusts everybody and shows any certificates. */
public final class HandMadeTls implements HandMadeSecurity {

    /** Name of the protocol in a negotiation. */
    public static final String PROTOCOL = "/tls/1.0.0";

    /** Application protocol of libp2p. */
    public static final String LIBP2P = "libp2p";

    /** Name of issuer and subject: the JDK does not read a certificate without one. */
    public static final String NAME = "CN=hostile";

    private static final int BUFFER_BYTES = 16 * 1024;

    private final SSLSocket socket;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /**
     * Creates the side of a dialer over a socket that has agreed on TLS.
     *
     * @param alpn application protocol that it offers
     * @param certificates chain that it shows, with the key of the first; none if empty
     */
    public HandMadeTls(Socket socket, String alpn, HandMadeCertificate... certificates)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                certificates.length == 0 ? new KeyManager[0] : new KeyManager[] {new Keys(certificates)},
                new TrustManager[] {new Trusting()},
                null);
        this.socket = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", 1, true);
        SSLParameters parameters = this.socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {alpn});
        this.socket.setSSLParameters(parameters);
    }

    /**
     * Runs the handshake.
     *
     * @throws RefusedByRemoteException if the other side ends it
     */
    public void handshake() throws IOException {
        try {
            socket.startHandshake();
        } catch (IOException failed) {
            throw RefusedByRemoteException.of(failed);
        }
    }

    @Override
    public int maxPlaintext() {
        return BUFFER_BYTES;
    }

    @Override
    public void send(byte[] plaintext) throws IOException {
        socket.getOutputStream().write(plaintext);
    }

    @Override
    public byte[] receive() throws IOException {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
            throw new IOException("connection closed by the other side");
        }
        return Arrays.copyOf(buffer, read);
    }

    /** Always has the same key and certificates. */
    private static final class Keys extends X509ExtendedKeyManager {

        private static final String ALIAS = "hostile";

        private final PrivateKey key;
        private final X509Certificate[] chain;

        Keys(HandMadeCertificate... certificates) {
            key = certificates[0].keyPair().getPrivate();
            chain = Stream.of(certificates).map(HandMadeCertificate::x509).toArray(X509Certificate[]::new);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }

    /** Trusts everybody. */
    private static final class Trusting extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

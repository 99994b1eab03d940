package io.kad.transport.netty.ws;

import java.net.Socket;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust manager that refuses a chain of certificates that may cost too much to check, before another one checks it. A listener chooses the chain
 * that it shows, and the builder of paths tries all orders of certificates that fit together in several ways. Thread-safe.
 */
final class ChainLimits extends X509ExtendedTrustManager {

    /** Largest number of certificates; those of the web are three or four. */
    static final int MAX_CERTIFICATES = 10;
    /** Largest size of all of them, in bytes. */
    static final int MAX_BYTES = 32 * 1024;
    /** Largest RSA key, in bits: the time of a check grows with the square of it. */
    static final int MAX_RSA_BITS = 8192;

    private final X509ExtendedTrustManager trust;

    ChainLimits(X509ExtendedTrustManager trust) {
        this.trust = trust;
    }

    /** Refuses a chain that exceeds a limit. */
    static void check(X509Certificate[] chain) throws CertificateException {
        require(chain.length <= MAX_CERTIFICATES, "more than " + MAX_CERTIFICATES + " certificates");
        Set<Object> subjects = new HashSet<>();
        int bytes = 0;
        for (X509Certificate certificate : chain) {
            require(subjects.add(certificate.getSubjectX500Principal()), "two certificates of one subject");
            bytes += size(certificate);
            require(bytes <= MAX_BYTES, "more than " + MAX_BYTES + " bytes");
            boolean fits = !(certificate.getPublicKey() instanceof RSAPublicKey rsa)
                    || rsa.getModulus().bitLength() <= MAX_RSA_BITS;
            require(fits, "an RSA key of more than " + MAX_RSA_BITS + " bits");
        }
    }

    private static int size(X509Certificate certificate) throws CertificateEncodingException {
        return certificate.getEncoded().length;
    }

    private static void require(boolean fits, String what) throws CertificateException {
        if (!fits) {
            throw new CertificateException("the certificate chain of the listener has " + what);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
        trust.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
        trust.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
        trust.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noClients();
    }

    private static CertificateException noClients() {
        return new CertificateException("a dialer on /tls/ws shows no certificate");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust.getAcceptedIssuers();
    }
}

package io.kad.transport.netty.ws;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kad.transport.netty.support.WebCertificate;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains of certificates that a listener shows. */
class ChainLimitsTest {

    @TempDir
    Path directory;

    private X509Certificate certificate(String host) throws Exception {
        try (InputStream in =
                Files.newInputStream(WebCertificate.of(directory, host).certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private X509Certificate[] chain(int length) throws Exception {
        List<X509Certificate> chain = new ArrayList<>();
        for (int number = 0; number < length; number++) {
            chain.add(certificate("host" + number + ".example"));
        }
        return chain.toArray(new X509Certificate[0]);
    }

    private static void assertRefused(String what, X509Certificate... chain) {
        assertThatExceptionOfType(CertificateException.class)
                .isThrownBy(() -> ChainLimits.check(chain))
                .withMessage("the certificate chain of the listener has " + what);
    }

    @Test
    void aChainHasFewCertificates() throws Exception {
        X509Certificate[] longest = chain(ChainLimits.MAX_CERTIFICATES);
        assertThatCode(() -> ChainLimits.check(longest)).doesNotThrowAnyException();
        assertRefused("more than 10 certificates", chain(ChainLimits.MAX_CERTIFICATES + 1));
    }

    /** They may come in any order, and each order would be tried. */
    @Test
    void noTwoCertificatesHaveOneSubject() throws Exception {
        assertRefused("two certificates of one subject", certificate("host.example"), certificate("host.example"));
    }
}

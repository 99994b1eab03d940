package io.kad.transport.netty.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.Time;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTimeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1950-01-01T00:00:00Z",
                "1999-12-31T23:59:59Z",
                "2026-03-01T08:09:00Z",
                "2026-03-01T08:09:00.999999999Z",
                "2049-12-31T23:59:59.5Z",
                "2050-01-01T00:00:00Z",
                "2126-11-06T10:00:07Z",
                "9999-12-31T23:59:59Z"
            })
    void aTimeIsEncodedAsByBouncyCastle(String text) throws Exception {
        Instant instant = Instant.parse(text);
        assertThat(CertificateTime.encode(instant).getEncoded(ASN1Encoding.DER))
                .isEqualTo(new Time(Date.from(instant), Locale.ROOT).getEncoded(ASN1Encoding.DER));
    }
}

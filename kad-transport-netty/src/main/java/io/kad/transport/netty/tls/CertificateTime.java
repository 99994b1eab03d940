package io.kad.transport.netty.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.Time;

/**
 * Encoder of the times of a certificate, by RFC 5280 section 4.1.2.5: two digits of the year before 2050, four from then on. That of BouncyCastle formats
 * by the locales of the platform, which takes a tenth of the time of a short command to load.
 */
final class CertificateTime {

    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int FIRST_GENERALIZED_YEAR = 2050;

    private CertificateTime() {}

    /**
     * Encodes a time.
     *
     * @param instant the time, from 1950 to 9999; what is less than a second is left out
     */
    static Time encode(Instant instant) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        // Such as 2026-03-01T08:09:00, with the seconds even if they are 0
        String digits = time.plusNanos(1)
                .toString()
                .substring(0, "2026-03-01T08:09:00".length())
                .replaceAll("[-T:]", "");
        boolean isGeneralized = time.getYear() >= FIRST_GENERALIZED_YEAR;
        byte[] text = ((isGeneralized ? digits : digits.substring(2)) + "Z").getBytes(StandardCharsets.US_ASCII);
        byte[] encoded = new byte[2 + text.length];
        encoded[0] = (byte) (isGeneralized ? GENERALIZED_TIME : UTC_TIME);
        encoded[1] = (byte) text.length;
        System.arraycopy(text, 0, encoded, 2, text.length);
        try {
            return Time.getInstance(ASN1Primitive.fromByteArray(encoded));
        } catch (IOException impossible) {
            throw new AssertionError("a tag, a length and as many bytes", impossible);
        }
    }
}

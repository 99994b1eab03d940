package io.kad.interop.hostile;

import io.kad.transport.netty.hostile.HandMadeTls;
import io.kad.transport.netty.tls.HandMadeCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Chains of certificates that no node accepts, by what is wrong with them. TLS and QUIC have the same rules. */
final class Certificates {

    private static final Duration DAY = Duration.ofDays(1);

    private Certificates() {}

    /** Returns a valid one of a new identity. */
    static HandMadeCertificate valid() {
        return new HandMadeCertificate(Target.identity()).named(HandMadeTls.NAME);
    }

    /** Returns what makes each wrong chain. */
    static Map<String, Supplier<HandMadeCertificate[]>> wrong() {
        Map<String, Supplier<HandMadeCertificate[]>> wrong = new LinkedHashMap<>();
        Instant now = Instant.now();
        wrong.put("no certificate", () -> chain());
        wrong.put("a certificate without the extension", () -> chain(valid().withoutHostKey()));
        wrong.put("the key of somebody else", () -> chain(valid().claiming(Target.identity())));
        wrong.put(
                "a signature of another key",
                () -> chain(valid().signer(valid().keyPair().getPrivate())));
        wrong.put("two certificates", () -> chain(valid(), valid()));
        wrong.put("an expired certificate", () -> chain(valid().valid(now.minus(DAY.multipliedBy(2)), now.minus(DAY))));
        wrong.put(
                "a certificate of the future",
                () -> chain(valid().valid(now.plus(DAY), now.plus(DAY.multipliedBy(2)))));
        wrong.put(
                "an unknown critical extension",
                () -> chain(valid().extension(HandMadeCertificate.UNKNOWN_EXTENSION, true, 10)));
        wrong.put(
                "a certificate of 9 KiB",
                () -> chain(valid().extension(HandMadeCertificate.UNKNOWN_EXTENSION, false, 9 * 1024)));
        return wrong;
    }

    private static HandMadeCertificate[] chain(HandMadeCertificate... certificates) {
        return certificates;
    }
}

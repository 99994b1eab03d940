package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.tls.TlsIdentity;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The certificate of one transport, made when TLS or QUIC first needs it. Confined to the thread that creates the transport. */
final class LazyCertificate implements Supplier<TlsIdentity> {

    private final Identity identity;
    private final SignatureChecks checks;
    private final InstantSource clock;
    private @Nullable TlsIdentity made;

    LazyCertificate(Identity identity, SignatureChecks checks, InstantSource clock) {
        this.identity = identity;
        this.checks = checks;
        this.clock = clock;
    }

    @Override
    public TlsIdentity get() {
        TlsIdentity present = made;
        if (present == null) {
            present = TlsIdentity.create(identity, checks, clock);
            made = present;
        }
        return present;
    }
}

package io.kad.transport.netty.support;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets waits of tests last for as long as a busy machine may need: the limit only ends a wait for what never comes. Found by JUnit. */
public final class PatientWaits implements BeforeAllCallback {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Creates the extension. */
    public PatientWaits() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}

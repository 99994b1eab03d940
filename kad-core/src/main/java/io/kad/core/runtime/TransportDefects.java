package io.kad.core.runtime;

import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.plugin.ForwardingTransport;

/** Failures of calls to a transport that breaks its contract; each names the class of the transport. */
public final class TransportDefects {

    private TransportDefects() {}

    /** Returns the failure of a call that threw {@code fault}. */
    public static TransportFailure threw(Transport transport, Throwable fault) {
        return failure(transport, "failed: " + fault);
    }

    /** Returns the failure of a call that returned null, or passed null to its callback. */
    public static TransportFailure returnedNull(Transport transport) {
        return failure(transport, "returned null");
    }

    private static TransportFailure failure(Transport transport, String problem) {
        return new TransportFailure(TransportFailure.Kind.DEFECT, "transport " + nameOf(transport) + " " + problem);
    }

    /** Returns the class of {@code transport} for messages: that of the plug-in, not of what measures its calls. */
    public static String nameOf(Transport transport) {
        Transport called = transport;
        while (called instanceof ForwardingTransport forwarding) {
            called = forwarding.transport();
        }
        return called.getClass().getName();
    }
}

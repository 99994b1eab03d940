package io.kad.transport.netty.multistream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lookup of the protocols that a listener supports; called for each proposal, so the result may change over time. */
@FunctionalInterface
public interface ProtocolLookup {

    /**
     * Looks up a protocol.
     *
     * @param protocol proposal of the remote peer: any text without a line feed
     * @return the installer of its handlers, or null if the protocol is not supported
     */
    @Nullable
    ProtocolInstaller find(String protocol);

    /** Returns a fixed table. */
    static ProtocolLookup of(Map<String, ? extends ProtocolInstaller> installers) {
        return Map.<String, ProtocolInstaller>copyOf(installers)::get;
    }
}

package io.kad.transport.netty.multistream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The protocols a listener supports; asked anew for each proposal, so it may change over time. */
@FunctionalInterface
public interface ProtocolTable {

    /**
     * Looks up a protocol.
     *
     * @param protocol what the remote proposes, any text without a line feed
     * @return what installs its handlers, or null if it is not supported
     */
    @Nullable
    ProtocolInstaller find(String protocol);

    /** Returns a fixed table. */
    static ProtocolTable of(Map<String, ? extends ProtocolInstaller> installers) {
        return Map.<String, ProtocolInstaller>copyOf(installers)::get;
    }
}

package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.yamux.Yamux;
import io.kad.transport.netty.yamux.YamuxLimits;
import java.time.Duration;
import java.util.List;

/** Muxers that a transport offers. */
final class Muxers {

    private Muxers() {}

    /**
     * Returns the muxers in order of preference.
     *
     * @param maxReceiveBytes limit of the unread bytes of one connection
     */
    static List<Muxer> of(KademliaConfig config, long maxReceiveBytes) {
        return List.of(new Yamux(yamuxLimits(config, maxReceiveBytes)));
    }

    private static YamuxLimits yamuxLimits(KademliaConfig config, long maxReceiveBytes) {
        return YamuxLimits.defaults().toBuilder()
                .maxBufferedBytes(maxReceiveBytes)
                .maxInboundStreams(config.get(TransportOptions.MAX_INBOUND_STREAMS))
                .maxResetsPerMinute(config.get(TransportOptions.MAX_STREAM_RESETS_PER_MINUTE))
                .maxQueuedControlFrames(config.get(TransportOptions.MAX_CONTROL_FRAMES))
                .writeTimeout(config.get(TransportOptions.WRITE_TIMEOUT))
                .keepAlive(config.get(TransportOptions.KEEP_ALIVE_INTERVAL).orElse(Duration.ZERO))
                .pingTimeout(config.get(TransportOptions.SILENCE_TIMEOUT))
                .build();
    }
}

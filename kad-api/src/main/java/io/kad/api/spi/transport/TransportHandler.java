package io.kad.api.spi.transport;

/**
 * What a transport delivers to.
 *
 * <p>Called on the threads of the transport, several at once for different connections; implementations return at once and
 * don't throw. The events of one connection arrive in order.
 */
public interface TransportHandler {

    /** Receives a request; {@code responder} is to be called exactly once, now or later. */
    void onRequest(InboundRequest request, Responder responder);

    /** Receives something that happened. */
    void onEvent(TransportEvent event);
}

/**
 * Delegated Routing V1: lookups of the DHT for clients that speak HTTP only.
 *
 * <p>Handlers run on the threads of the HTTP server. Source: the specification "Delegated Routing V1 HTTP API" of IPFS (IPIP-337, with the filters
 * of IPIP-484 and the DHT endpoint of IPIP-476).
 */
@NullMarked
package io.kad.node.delegated;

import org.jspecify.annotations.NullMarked;

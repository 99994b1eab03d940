/**
 * HTTP/1.1 server of the program: routes as values, bounded requests, answers at once or as a stream (RFC 9110, RFC 9112). It knows nothing of
 * the DHT.
 *
 * <p>Netty reads and writes on one event loop; handlers run on threads of their own and may block.
 */
@NullMarked
package io.kad.node.http;

import org.jspecify.annotations.NullMarked;

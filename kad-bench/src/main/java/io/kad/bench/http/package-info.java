/**
 * Load generator for the HTTP of a node, in another process: a number of connections, each of which sends the same GET again as soon as the response
 * has ended.
 *
 * <p>Threading: each connection is confined to its event loop.
 */
@NullMarked
package io.kad.bench.http;

import org.jspecify.annotations.NullMarked;

/**
 * HTTP API of a node: the commands of a session as paths, lookups that can be watched, and the OpenAPI document that describes them. Handlers run on
 * the threads of the HTTP server. Thread-safe.
 */
@NullMarked
package io.kad.node.api;

import org.jspecify.annotations.NullMarked;

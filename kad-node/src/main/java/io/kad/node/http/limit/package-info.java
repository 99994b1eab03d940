/** Limits of an HTTP server: their values, the bytes that its connections share, and the counts of the times that one was reached. */
@NullMarked
package io.kad.node.http.limit;

import org.jspecify.annotations.NullMarked;

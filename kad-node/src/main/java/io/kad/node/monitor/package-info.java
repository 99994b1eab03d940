/** What a monitoring system reads of a node over HTTP: metrics, and whether it is alive and ready. Thread-safe. */
@NullMarked
package io.kad.node.monitor;

import org.jspecify.annotations.NullMarked;

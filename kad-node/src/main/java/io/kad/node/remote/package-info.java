/** Commands that run in another node, over its HTTP API; what that answers is checked and bounded. Thread-safe. */
@NullMarked
package io.kad.node.remote;

import org.jspecify.annotations.NullMarked;

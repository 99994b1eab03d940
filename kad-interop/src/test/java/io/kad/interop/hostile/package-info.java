/**
 * Hostile peers against a whole {@code kad node} in a process of its own, while honest peers use it.
 *
 * <p>The hostile side is written by hand over sockets and shares no code with the product.
 */
package io.kad.interop.hostile;

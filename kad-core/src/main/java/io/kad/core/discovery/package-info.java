/** Finds plug-ins by {@link java.util.ServiceLoader} and chooses among them. Used by one thread, while a peer is built. */
@NullMarked
package io.kad.core.discovery;

import org.jspecify.annotations.NullMarked;

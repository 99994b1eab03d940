/** Plug-in lookup: finds providers by {@link java.util.ServiceLoader} and selects one per slot. Used by one thread, while a peer is built. */
@NullMarked
package io.kad.core.plugin;

import org.jspecify.annotations.NullMarked;

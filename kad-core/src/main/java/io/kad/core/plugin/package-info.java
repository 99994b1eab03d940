/**
 * Plug-in discovery: finds providers by {@link java.util.ServiceLoader}, selects one per slot and creates the plug-ins. Used by one thread,
 * while a peer is built.
 */
@NullMarked
package io.kad.core.plugin;

import org.jspecify.annotations.NullMarked;

/** Guice module that provides a peer. Guice is an optional dependency, which only this package requires. Used by one thread at a time. */
@NullMarked
package io.kad.core.inject;

import org.jspecify.annotations.NullMarked;

/** The Guice module; needs Guice on the path, which is optional otherwise. */
@NullMarked
package io.kad.core.inject;

import org.jspecify.annotations.NullMarked;

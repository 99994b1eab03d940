/** Page of a node for browsers: files that are served as they are, without any build step; all that they show comes from the API. */
@NullMarked
package io.kad.node.dashboard;

import org.jspecify.annotations.NullMarked;

/**
 * The documents as a web site: each page of Markdown becomes one of HTML at the same path, with the navigation beside it, and every link is checked.
 * {@code release/site} adds the Javadoc.
 */
@NullMarked
package io.kad.site;

import org.jspecify.annotations.NullMarked;

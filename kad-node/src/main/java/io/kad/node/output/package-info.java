/** Output lines as values, and their text forms: JSON lines for programs, text for people. Thread-safe. */
@NullMarked
package io.kad.node.output;

import org.jspecify.annotations.NullMarked;

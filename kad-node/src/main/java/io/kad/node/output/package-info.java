/** Answers as values, and their forms: JSON lines for programs, text for people. Thread-safe. */
@NullMarked
package io.kad.node.output;

import org.jspecify.annotations.NullMarked;

/** Demo of a network of real peers on one machine, which checks every result. */
@NullMarked
package io.kad.node.demo;

import org.jspecify.annotations.NullMarked;

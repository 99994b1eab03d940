/** A network of real peers on one machine that shows what a DHT does, and checks every answer. */
@NullMarked
package io.kad.node.demo;

import org.jspecify.annotations.NullMarked;

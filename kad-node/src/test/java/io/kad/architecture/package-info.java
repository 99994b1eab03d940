/** Rules that hold for the sources and classes of every module. */
package io.kad.architecture;

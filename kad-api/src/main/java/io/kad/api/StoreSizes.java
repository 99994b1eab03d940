package io.kad.api;

/**
 * How much the stores of a peer hold.
 *
 * @param records value records
 * @param providers provider records
 */
public record StoreSizes(long records, long providers) {}

package io.kad.api;

/**
 * Number of entries in the local stores. Immutable.
 *
 * @param records number of records
 * @param providers number of provider records
 */
public record StoreSizes(long records, long providers) {}

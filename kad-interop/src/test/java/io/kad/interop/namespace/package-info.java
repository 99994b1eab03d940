/**
 * {@code kad node} processes inside a network namespace, where tests make and remove interfaces and addresses, and inside a control group, which limits
 * their memory.
 */
package io.kad.interop.namespace;

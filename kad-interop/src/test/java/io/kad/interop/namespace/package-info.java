/** Networks of {@code kad node} processes inside a network namespace, where tests make and remove interfaces and addresses. */
package io.kad.interop.namespace;

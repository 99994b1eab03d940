/** What users and plug-ins of kad see: values, configuration, events and service interfaces. */
@NullMarked
package io.kad.api;

import org.jspecify.annotations.NullMarked;

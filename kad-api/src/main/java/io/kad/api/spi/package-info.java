/**
 * What a plug-in implements: transports, stores and their providers. Each contract states its threading; the numbered
 * rules are checked by the published compatibility tests.
 */
@NullMarked
package io.kad.api.spi;

import org.jspecify.annotations.NullMarked;

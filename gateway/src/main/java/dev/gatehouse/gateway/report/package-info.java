/** What is told of a call: headers, access log, usage event, metrics, spans. */
@NullMarked
package dev.gatehouse.gateway.report;

import org.jspecify.annotations.NullMarked;

/** Usage events in, ledger and rollups out: the module's public face. */
package dev.gatehouse.metering;

/** The crash matrix: real processes under load, killed at every point, and every answer matched with the ledger after. */
package dev.gatehouse.bench.crash;

package dev.gatehouse.gateway.turn;

/** How much of its limit a pool used in a window. */
enum PoolState {
    AT_EASE,
    BUSY
}

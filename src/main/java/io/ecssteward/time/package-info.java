/**
 * Time: {@link io.ecssteward.time.Clocks} finds the clock, and {@link io.ecssteward.time.Durations} reads and writes
 * durations as people do.
 */
package io.ecssteward.time;

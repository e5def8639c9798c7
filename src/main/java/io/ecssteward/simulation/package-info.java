/**
 * {@code simulate} and {@code diff}: {@link io.ecssteward.simulation.Simulation} plays a recording of many events
 * through the routes, on the recording's clock.
 */
package io.ecssteward.simulation;

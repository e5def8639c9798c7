/**
 * AWS clients that answer without AWS, for replays, simulations, checks and dry runs:
 * {@link io.ecssteward.stub.StubEcs}, {@link io.ecssteward.stub.StubSqs} and {@link io.ecssteward.stub.StubSns}.
 */
package io.ecssteward.stub;

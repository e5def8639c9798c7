/**
 * Wires the parts of the application and runs them: {@link io.ecssteward.runtime.Application} is the composition root.
 */
package io.ecssteward.runtime;

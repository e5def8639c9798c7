/** The failures that reach a route. {@link io.ecssteward.failure.Failures} decides whether a retry helps. */
package io.ecssteward.failure;

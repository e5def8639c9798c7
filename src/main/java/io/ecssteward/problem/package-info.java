/** Problems to show to a user: a {@link io.ecssteward.problem.Problem} has a position and a fix. */
package io.ecssteward.problem;

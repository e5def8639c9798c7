/** Problems to show to a user: {@link io.ecssteward.problem.Problem} says where and what to do. */
package io.ecssteward.problem;

/** What a user is told is wrong: {@link io.ecssteward.problem.Problem} says where and what to do. */
package io.ecssteward.problem;

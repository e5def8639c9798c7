/**
 * Doing things once: {@link io.ecssteward.claim.ClaimRepository} is Camel's idempotent repository, on a
 * {@link io.ecssteward.claim.ClaimStore} in memory or in DynamoDB.
 */
package io.ecssteward.claim;

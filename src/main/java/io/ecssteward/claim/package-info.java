/**
 * Doing things once, and keeping what several replicas share.
 *
 * <ul>
 *   <li>Claims: {@link io.ecssteward.claim.ClaimRepository} is Camel's idempotent repository, on a
 *       {@link io.ecssteward.claim.ClaimStore}: {@link io.ecssteward.claim.MemoryClaimStore}, or
 *       {@link io.ecssteward.claim.DynamoClaimStore}, whose requests are in {@code ClaimTable}.
 *   <li>Documents, which are incidents and silences: {@link io.ecssteward.claim.DocumentStore}. Both stores keep them
 *       beside the claims, the second in the same table by {@code DocumentTable}.
 *   <li>{@link io.ecssteward.claim.TableCheck} looks at the table before it is used.
 * </ul>
 */
package io.ecssteward.claim;

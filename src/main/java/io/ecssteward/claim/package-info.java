/**
 * Claims, so that each action is done once, and documents that replicas share.
 *
 * <ul>
 *   <li>Claims: {@link io.ecssteward.claim.ClaimRepository} is an idempotent repository for Camel, on top of a
 *       {@link io.ecssteward.claim.ClaimStore}: {@link io.ecssteward.claim.MemoryClaimStore}, or
 *       {@link io.ecssteward.claim.DynamoClaimStore}, whose requests are in {@code ClaimTable}.
 *   <li>Documents, such as incidents and silences: {@link io.ecssteward.claim.DocumentStore}. Both stores implement it;
 *       {@code DynamoClaimStore} keeps documents in the table of the claims, with {@code DocumentTable}.
 *   <li>{@link io.ecssteward.claim.TableCheck} checks the table at startup.
 * </ul>
 */
package io.ecssteward.claim;

/**
 * The {@code event:} component, which hands each event to the routes whose pattern matches it.
 * {@link io.ecssteward.dispatch.EventEndpoint} says how a route begins with it.
 */
package io.ecssteward.dispatch;

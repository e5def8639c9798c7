/**
 * The {@code event:} component, which hands each event to the routes whose pattern matches it.
 * {@link io.ecssteward.dispatch.EventEndpoint} describes how a route consumes from it.
 */
package io.ecssteward.dispatch;

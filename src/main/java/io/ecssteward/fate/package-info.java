/**
 * What becomes of an event: {@link io.ecssteward.fate.Fate} gathers the effects and the named reasons for what was not
 * done; the two exceptions tell a failure that will not go away from one that may.
 */
package io.ecssteward.fate;

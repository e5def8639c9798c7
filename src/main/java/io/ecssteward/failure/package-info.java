/** The failures that a route can meet. The class answers the only question a route asks: does it help to try again? */
package io.ecssteward.failure;

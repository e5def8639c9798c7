/** AWS clients that answer without AWS, for {@code replay} and {@code check}. */
package io.ecssteward.stub;

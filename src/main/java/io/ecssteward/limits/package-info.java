/** The limits of Slack and SQS, each with the page that documents it. */
package io.ecssteward.limits;

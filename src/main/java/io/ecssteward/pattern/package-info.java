/**
 * EventBridge event patterns as a Camel language: {@link io.ecssteward.pattern.EventPatternLanguage} is the entry
 * point, {@link io.ecssteward.pattern.EventPattern} does the work without Camel.
 */
package io.ecssteward.pattern;

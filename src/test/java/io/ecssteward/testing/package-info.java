/**
 * Fakes by hand, over the real protocols, so that tests drive the real SDK clients:
 * {@link io.ecssteward.testing.FakeEcs}, {@link io.ecssteward.testing.FakeSns},
 * {@link io.ecssteward.testing.FakeSlack}, {@link io.ecssteward.testing.Sqs} (ElasticMQ inside the JVM) and
 * {@link io.ecssteward.testing.Dynamo} (DynamoDB Local as a process). Time is a
 * {@link io.ecssteward.testing.ManualClock} or a {@link io.ecssteward.testing.ManualScheduler}, and
 * {@link io.ecssteward.testing.CapturedLog} shows what was logged.
 */
package io.ecssteward.testing;

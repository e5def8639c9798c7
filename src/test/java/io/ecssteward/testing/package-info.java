/**
 * Fakes by hand, over the real protocols, so that tests drive the real SDK clients. Begin with
 * {@link io.ecssteward.testing.RunningSteward}. Faults are ordered by {@code fail}, {@code hangUp}, {@code loseAnswer}
 * and {@code hold}, which {@link io.ecssteward.testing.HttpFake} gives to most of them.
 *
 * <table>
 *   <caption>Harnesses: what a test starts</caption>
 *   <tr><td>RunningSteward</td><td>the whole application, on SQS, ECS, Slack and SNS that are fakes</td></tr>
 *   <tr><td>SteppedSteward</td><td>two replicas of it, taken through a history step by step</td></tr>
 *   <tr><td>YamlRoutes</td><td>a Camel context with routes as an operator writes them</td></tr>
 *   <tr><td>SpotDay</td><td>a SpotMarket, taken through a time event by event; MarketEvents writes the events</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Services of others</caption>
 *   <tr><td>Sqs, SqsProcess</td><td>SQS: ElasticMQ inside the JVM, or in a process of its own</td></tr>
 *   <tr><td>SqsProxy, FaultySqs, LongPolls</td><td>what goes wrong on the way to it; polls that end as on AWS</td></tr>
 *   <tr><td>StepQueue</td><td>a queue whose time a test moves</td></tr>
 *   <tr><td>Dynamo</td><td>DynamoDB Local as a process, and what goes wrong on the way to it</td></tr>
 *   <tr><td>FakeEcs</td><td>ECS over HTTP; EcsState, FakeService, Capacity and Tags are what it knows</td></tr>
 *   <tr><td>FaultyEcsClient</td><td>an ECS client whose calls fail, stall or lose their answers</td></tr>
 *   <tr><td>SpotMarket</td><td>Fargate behind FakeEcs, with Spot capacity that comes and goes</td></tr>
 *   <tr><td>FakeTasksAndLogs</td><td>tasks and task definitions of ECS, and CloudWatch Logs</td></tr>
 *   <tr><td>FakeAutoScaling</td><td>lifecycle hooks of EC2 Auto Scaling</td></tr>
 *   <tr><td>FakeCloudWatch</td><td>alarms and graphs of CloudWatch</td></tr>
 *   <tr><td>FakeSns</td><td>SNS, to publish to</td></tr>
 *   <tr><td>FakeSecrets</td><td>GetSecretValue of Secrets Manager</td></tr>
 *   <tr><td>FakeSlack</td><td>Slack's webhooks and Web API; FakeSlackChannels are its channels</td></tr>
 *   <tr><td>FakeSocketMode</td><td>its Socket Mode, on FakeWebSocket: buttons that are pressed, commands</td></tr>
 *   <tr><td>FakeWebhook</td><td>an HTTP server that takes whatever is posted, as PagerDuty does</td></tr>
 *   <tr><td>FakeCollector</td><td>an OpenTelemetry collector</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Time, chance, and looking</caption>
 *   <tr><td>ManualClock, ManualScheduler</td><td>time that a test moves</td></tr>
 *   <tr><td>Gate</td><td>holds calls back until a test opens it</td></tr>
 *   <tr><td>Chance</td><td>what a share of the calls gets in place of an answer, by a seed</td></tr>
 *   <tr><td>TokenBucket</td><td>throttles as ECS does</td></tr>
 *   <tr><td>ReplicaClaimStore</td><td>the claims as one of several replicas sees them, and when it dies</td></tr>
 *   <tr><td>Events</td><td>events as the queue brings them</td></tr>
 *   <tr><td>Aws, AwsError</td><td>the account and region of the fakes, their clients, and AWS's errors</td></tr>
 *   <tr><td>CapturedLog, RequestLog</td><td>what was logged, and what an SDK client sent</td></tr>
 *   <tr><td>Jvm</td><td>the command of a JVM that starts quickly</td></tr>
 *   <tr><td>LevelsOfLoggers</td><td>puts the levels of loggers back before every test</td></tr>
 * </table>
 *
 * <p>Elsewhere: {@code incident/SimulatedSlack} is Slack to the tests of incidents, without HTTP; {@code bench/FakeAws}
 * and {@code bench/FakeQueue} are quick enough to measure by.
 */
package io.ecssteward.testing;

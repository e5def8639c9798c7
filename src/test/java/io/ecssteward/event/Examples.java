package io.ecssteward.event;

import java.util.LinkedHashMap;
import java.util.Map;

/** One whole message of every kind that is read, for tests that bend them. */
final class Examples {
    private Examples() {}

    static final String TASK = """
            {"version": "0", "id": "t1", "source": "aws.ecs", "detail-type": "ECS Task State Change", "account": "111122223333",
             "time": "2026-01-02T03:04:05Z", "region": "eu-west-1",
             "resources": ["arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d"],
             "detail": {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
               "taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d", "group": "service:web", "version": 5,
               "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7", "launchType": "FARGATE",
               "lastStatus": "STOPPED", "desiredStatus": "STOPPED", "stopCode": "EssentialContainerExited",
               "stoppedReason": "Essential container in task exited",
               "containers": [{"name": "app", "exitCode": 137, "reason": "OutOfMemoryError: killed"},
                              {"name": "log", "exitCode": 0}]}}""";

    static final String INSTANCE = """
            {"version": "0", "id": "c1", "source": "aws.ecs", "detail-type": "ECS Container Instance State Change",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "eu-west-1",
             "resources": ["arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2"],
             "detail": {"agentConnected": false, "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
               "containerInstanceArn": "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2",
               "ec2InstanceId": "i-0abc", "status": "ACTIVE", "version": 14, "runningTasksCount": 3,
               "versionInfo": {"agentVersion": "1.90.0"}}}""";

    static final String SERVICE_ACTION = """
            {"version": "0", "id": "s1", "source": "aws.ecs", "detail-type": "ECS Service Action", "account": "111122223333",
             "time": "2026-01-02T03:04:05Z", "region": "eu-west-1",
             "resources": ["arn:aws:ecs:eu-west-1:111122223333:service/prod/web"],
             "detail": {"eventType": "WARN", "eventName": "SERVICE_TASK_START_IMPAIRED",
               "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", "createdAt": "2026-01-02T03:04:05.678Z",
               "capacityProviderArns": ["arn:aws:ecs:eu-west-1:111122223333:capacity-provider/spot"]}}""";

    static final String DEPLOYMENT = """
            {"version": "0", "id": "d1", "source": "aws.ecs", "detail-type": "ECS Deployment State Change",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "eu-west-1",
             "resources": ["arn:aws:ecs:eu-west-1:111122223333:service/prod/web"],
             "detail": {"eventType": "ERROR", "eventName": "SERVICE_DEPLOYMENT_FAILED", "deploymentId": "ecs-svc/123",
               "updatedAt": "2026-01-02T03:04:05Z", "reason": "ECS deployment circuit breaker: tasks failed to start."}}""";

    static final String HOOK = """
            {"version": "0", "id": "k1", "source": "aws.ecs", "detail-type": "ECS Hook State Change", "account": "111122223333",
             "time": "2026-01-02T03:04:05Z", "region": "eu-west-1",
             "resources": ["arn:aws:ecs:eu-west-1:111122223333:service-deployment/prod/web/0EYS"],
             "detail": {"eventType": "INFO", "eventName": "HOOK_AWAITING_ACTION", "hookId": "ecs-pause-1", "hookType": "PAUSE",
               "expiresAt": "2026-01-02T04:04:05Z", "lifecycleStage": "POST_TEST_TRAFFIC_SHIFT",
               "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
               "serviceArn": "arn:aws:ecs:eu-west-1:111122223333:service/prod/web",
               "serviceDeploymentArn": "arn:aws:ecs:eu-west-1:111122223333:service-deployment/prod/web/0EYS",
               "updatedAt": "2026-01-02T03:04:05.678Z"}}""";

    static final String DAEMON_ACTION = """
            {"version": "0", "id": "w1", "source": "aws.ecs", "detail-type": "ECS Daemon Service Action",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "eu-west-1",
             "resources": ["arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d"],
             "detail": {"eventType": "WARNING", "eventName": "DAEMON_TASK_START_IMPAIRED", "failureType": "TASK_FAILED_TO_RUN",
               "clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
               "containerInstanceArn": "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2",
               "taskArn": "arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d",
               "daemonArn": "arn:aws:ecs:eu-west-1:111122223333:daemon/prod/logs",
               "createdAt": "2026-01-02T03:04:05.678Z", "reason": "CannotPullContainerError"}}""";

    static final String HEALTH_CHANGE = """
            {"version": "0", "id": "n1", "source": "aws.ecs", "detail-type": "ECS Container Instance Health Change",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "eu-west-1",
             "resources": ["arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2"],
             "detail": {"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/prod", "capacityProviderName": null,
               "containerInstanceArn": "arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/a1b2",
               "ec2InstanceId": "i-0abc", "overallStatus": "IMPAIRED",
               "healthChecks": [{"type": "CONTAINER_RUNTIME", "status": "IMPAIRED", "statusReason": "no answer",
                 "lastStatusChange": "2026-01-02T03:04:00Z", "lastUpdated": "2026-01-02T03:04:01Z"}]}}""";

    static final String ALARM_SNS = """
            {"AlarmName": "cpu-high", "AlarmDescription": "Web is busy", "AWSAccountId": "111122223333",
             "NewStateValue": "ALARM", "OldStateValue": "OK", "NewStateReason": "Threshold Crossed: 2 datapoints",
             "StateChangeTime": "2026-01-02T03:04:05.678+0000", "Region": "EU (Ireland)",
             "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-high",
             "Trigger": {"MetricName": "CPUUtilization", "Namespace": "AWS/ECS", "StatisticType": "Statistic",
               "Statistic": "AVERAGE", "Unit": null, "Dimensions": [{"value": "web", "name": "ServiceName"},
               {"value": "prod", "name": "ClusterName"}], "Period": 60, "EvaluationPeriods": 2,
               "ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": 80.0, "TreatMissingData": "missing"}}""";

    static final String ALARM_MATH_SNS = """
            {"AlarmName": "cpu-share", "AWSAccountId": "111122223333", "NewStateValue": "ALARM", "OldStateValue": "OK",
             "NewStateReason": "Threshold Crossed", "StateChangeTime": "2026-01-02T03:04:05.678+0000",
             "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-share",
             "Trigger": {"Period": 60, "EvaluationPeriods": 3, "DatapointsToAlarm": 2,
               "ComparisonOperator": "GreaterThanThreshold", "Threshold": 70.5,
               "Metrics": [{"Id": "e1", "Expression": "100*m1/m2", "Label": "CPU Usage", "ReturnData": true},
                 {"Id": "m1", "MetricStat": {"Metric": {"MetricName": "CpuUtilized", "Namespace": "ECS/ContainerInsights",
                   "Dimensions": [{"name": "ClusterName", "value": "prod"}]}, "Period": 60, "Stat": "Sum"}, "ReturnData": false},
                 {"Id": "m2", "MetricStat": {"Metric": {"MetricName": "CpuReserved", "Namespace": "ECS/ContainerInsights",
                   "Dimensions": [{"name": "ClusterName", "value": "prod"}]}, "Period": 60, "Stat": "Sum"}, "ReturnData": false}]}}""";

    static final String ALARM_COMPOSITE_SNS = """
            {"AlarmName": "web-down", "AWSAccountId": "111122223333", "NewStateValue": "ALARM", "OldStateValue": "OK",
             "NewStateReason": "cpu-high transitioned to ALARM", "StateChangeTime": "2026-01-02T03:04:05.678+0000",
             "AlarmArn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-down",
             "AlarmRule": "ALARM(cpu-high) AND ALARM(errors)",
             "TriggeringChildren": [{"Arn": "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-high",
               "State": {"Value": "ALARM", "Timestamp": "2026-01-02T03:04:00.000+0000"}}]}""";

    static final String ALARM_EVENTBRIDGE = """
            {"version": "0", "id": "a1", "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
             "account": "111122223333", "time": "2026-01-02T03:04:06Z", "region": "eu-west-1",
             "resources": ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-high"],
             "detail": {"alarmName": "cpu-high",
               "state": {"value": "ALARM", "timestamp": "2026-01-02T03:04:05.678+0000",
                 "reason": "Threshold Crossed: 1 datapoint [93.5] was greater than or equal to the threshold (80.0).",
                 "reasonData": "{\\"version\\":\\"1.0\\",\\"statistic\\":\\"Average\\",\\"period\\":60,\\"recentDatapoints\\":[91.0,93.5],\\"threshold\\":80.0}"},
               "previousState": {"value": "OK", "timestamp": "2026-01-02T02:00:00.000+0000"},
               "configuration": {"description": "Web is busy", "metrics": [{"id": "m1", "returnData": true,
                 "metricStat": {"metric": {"namespace": "AWS/ECS", "name": "CPUUtilization",
                   "dimensions": {"ClusterName": "prod", "ServiceName": "web"}}, "period": 60, "stat": "Average"}}]}}}""";

    static final String ALARM_COMPOSITE_EVENTBRIDGE = """
            {"version": "0", "id": "a2", "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
             "account": "111122223333", "time": "2026-01-02T03:04:06Z", "region": "eu-west-1",
             "resources": ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:web-down"],
             "detail": {"alarmName": "web-down",
               "state": {"value": "ALARM", "reason": "cpu-high transitioned to ALARM", "timestamp": "2026-01-02T03:04:05.678+0000",
                 "reasonData": "{\\"triggeringAlarms\\":[{\\"arn\\":\\"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu-high\\",\\"state\\":{\\"value\\":\\"ALARM\\"}}]}",
                 "actionsSuppressedBy": "WaitPeriod", "actionsSuppressedReason": "Actions suppressed by WaitPeriod"},
               "previousState": {"value": "OK"},
               "configuration": {"alarmRule": "ALARM(cpu-high) AND ALARM(errors)", "actionsSuppressor": "maintenance"}}}""";

    static final String GUARDDUTY = """
            {"version": "0", "id": "g1", "source": "aws.guardduty", "detail-type": "GuardDuty Finding",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "us-gov-east-1", "resources": [],
             "detail": {"id": "finding/1", "accountId": "444455556666", "title": "Unprotected port on i-1 is being probed",
               "severity": 8.5, "description": "A known malicious host probes it.", "type": "Recon:EC2/PortProbeUnprotectedPort",
               "service": {"eventFirstSeen": "2026-01-01T00:00:00Z", "eventLastSeen": "2026-01-02T00:00:00Z", "count": 1234}}}""";

    static final String MALWARE = """
            {"version": "0", "id": "m1", "source": "aws.guardduty", "account": "111122223333", "region": "eu-west-1",
             "detail-type": "GuardDuty Malware Protection Object Scan Result", "time": "2026-01-02T03:04:05Z",
             "resources": ["arn:aws:guardduty:eu-west-1:111122223333:malware-protection-plan/b4c7"],
             "detail": {"scanStatus": "COMPLETED", "resourceType": "S3_OBJECT",
               "s3ObjectDetails": {"bucketName": "uploads", "objectKey": "in/a b.zip", "versionId": "v1"},
               "scanResultDetails": {"scanResultStatus": "THREATS_FOUND", "threats": [{"name": "EICAR-Test-File"}]}}}""";

    static final String SECURITY_HUB = """
            {"version": "0", "id": "h1", "source": "aws.securityhub", "detail-type": "Security Hub Findings - Imported",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "eu-west-1", "resources": ["arn:aws:x"],
             "detail": {"findings": [
               {"Id": "arn:a/1", "ProductName": "Inspector", "Title": "CVE-1 - curl", "Severity": {"Label": "LOW"},
                "Resources": [{"Id": "i-1"}]},
               {"Id": "arn:a/2", "ProductName": "Security Hub", "Title": "S3.1 Block public access", "Description": "Buckets",
                "Severity": {"Label": "CRITICAL", "Normalized": 90}, "Compliance": {"Status": "FAILED"},
                "Workflow": {"Status": "NEW"}, "RecordState": "ACTIVE", "AwsAccountId": "444455556666",
                "FirstObservedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-02T00:00:00Z", "GeneratorId": "standard/S3.1",
                "ProductFields": {"ControlId": "S3.1"}, "Resources": [{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::bucket"}],
                "Remediation": {"Recommendation": {"Url": "https://docs.aws.amazon.com/console/securityhub/S3.1"}}}]}}""";

    static final String INSPECTOR = """
            {"version": "0", "id": "i1", "source": "aws.inspector2", "detail-type": "Inspector2 Finding",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "eu-west-1", "resources": ["i-1"],
             "detail": {"awsAccountId": "111122223333", "description": "snapd fails to check links", "severity": "MEDIUM",
               "findingArn": "arn:aws:inspector2:eu-west-1:111122223333:finding/1", "status": "ACTIVE",
               "firstObservedAt": "Wed Sep 04 16:59:44.356 UTC 2024", "lastObservedAt": "Wed Sep 04 16:59:44.476 UTC 2024",
               "fixAvailable": "YES", "inspectorScore": 4.8, "title": "CVE-2024-29069 - snapd", "type": "PACKAGE_VULNERABILITY",
               "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2024-29069", "sourceUrl": "https://example.org/CVE"},
               "resources": [{"id": "i-1", "type": "AWS_EC2_INSTANCE"}]}}""";

    static final String HEALTH = """
            {"version": "0", "id": "e1", "source": "aws.health", "detail-type": "AWS Health Event",
             "account": "111122223333", "time": "2026-01-02T03:04:05Z", "region": "us-west-2", "resources": ["i-1"],
             "detail": {"eventArn": "arn:aws:health:us-west-2::event/EC2/X/1", "service": "EC2",
               "eventTypeCode": "AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED", "eventTypeCategory": "issue",
               "startTime": "Sat, 05 Jun 2016 15:10:09 GMT",
               "eventDescription": [{"language": "de_DE", "latestDescription": "Ein Laufwerk"},
                                    {"language": "en_US", "latestDescription": "A drive"}],
               "affectedEntities": [{"entityValue": "i-1"}, {"entityValue": "i-2"}]}}""";

    static final String BACKUP = """
            {"Type": "Notification", "MessageId": "b1", "TopicArn": "arn:aws:sns:eu-west-1:111122223333:backup",
             "Subject": "Notification from AWS Backup",
             "Message": "An AWS Backup job failed. Recovery point ARN: arn:aws:ec2:eu-west-1:111122223333:volume/vol-2. Resource ARN : arn:aws:ec2:eu-west-1:111122223333:volume/vol-1. BackupJob ID : 1b23",
             "MessageAttributes": {"EventType": {"Type": "String", "Value": "BACKUP_JOB"},
               "State": {"Type": "String", "Value": "FAILED"}, "AccountId": {"Type": "String", "Value": "111122223333"},
               "StartTime": {"Type": "String", "Value": "2026-01-02T03:04:05Z"}}}""";

    static final String FOLLOW_UP = """
            {"version": "0", "id": "follow-up/agent/1", "source": "ecs-steward", "detail-type": "ECS Steward Follow Up",
             "region": "eu-west-1", "detail": {"kind": "agent", "event": %s}}""".formatted(INSTANCE);

    /** Every kind by its name. */
    static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("task", TASK);
        all.put("instance", INSTANCE);
        all.put("service action", SERVICE_ACTION);
        all.put("deployment", DEPLOYMENT);
        all.put("hook", HOOK);
        all.put("daemon action", DAEMON_ACTION);
        all.put("daemon deployment", DAEMON_ACTION.replace("Service Action", "Deployment State Change"));
        all.put("health change", HEALTH_CHANGE);
        all.put("alarm by SNS", ALARM_SNS);
        all.put("math alarm by SNS", ALARM_MATH_SNS);
        all.put("composite alarm by SNS", ALARM_COMPOSITE_SNS);
        all.put("alarm by EventBridge", ALARM_EVENTBRIDGE);
        all.put("composite alarm by EventBridge", ALARM_COMPOSITE_EVENTBRIDGE);
        all.put("GuardDuty", GUARDDUTY);
        all.put("malware scan", MALWARE);
        all.put("Security Hub", SECURITY_HUB);
        all.put("Inspector", INSPECTOR);
        all.put("Health", HEALTH);
        all.put("Backup", BACKUP);
        all.put("check again", FOLLOW_UP);
        all.put("heartbeat", """
                {"source": "ecs-steward", "detail-type": "Heartbeat", "time": "2026-01-02T03:04:05Z"}""");
        all.put("incident", """
                {"version": "0", "id": "incident/web-7f3a/1", "source": "ecs-steward", "detail-type": "Incident Opened",
                 "time": "2026-01-02T03:04:05Z", "account": "111122223333", "region": "eu-west-1",
                 "detail": {"id": "web-7f3a", "title": "prod/web: a deployment failed", "severity": "error",
                            "cluster": "prod", "service": "web", "alerts": []}}""");
        all.put("subscription", """
                {"Type": "SubscriptionConfirmation", "MessageId": "x", "TopicArn": "arn:aws:sns:eu-west-1:1:t", "Token": "t"}""");
        all.put("Slack", """
                {"text": "hello", "attachments": [{"text": "a"}], "blocks": [{"type": "divider"}]}""");
        all.put("unknown", """
                {"source": "aws.glue", "detail-type": "Glue Job State Change", "id": "u1", "detail": {"jobName": "nightly"}}""");
        return all;
    }
}

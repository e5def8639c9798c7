# What the module makes when it is told as little as possible.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image                    = "registry.example.com/ecs-steward:1"
  service_cluster_arn      = "arn:aws:ecs:eu-west-1:111122223333:cluster/tools"
  subnet_ids               = ["subnet-1"]
  slack_webhook_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf:webhook::"
}

run "rules" {
  assert {
    condition     = toset(keys(aws_cloudwatch_event_rule.this)) == toset([for file in fileset("patterns", "*.json") : trimsuffix(file, ".json")])
    error_message = "There is not one rule for each file in patterns/."
  }

  assert {
    condition = alltrue([
      for name, rule in aws_cloudwatch_event_rule.this :
      jsondecode(rule.event_pattern) == jsondecode(file("patterns/${name}.json")) && rule.state == "ENABLED" && rule.name == "ecs-steward-${name}"
    ])
    error_message = "Without clusters, a rule's pattern is not the file's, or it is not enabled, or has another name."
  }

  assert {
    condition     = alltrue([for target in aws_cloudwatch_event_target.this : target.arn == aws_sqs_queue.this["events"].arn && target.dead_letter_config[0].arn == aws_sqs_queue.dead_letters["events"].arn])
    error_message = "A rule does not deliver to the queue of events, or not its failures to the dead-letter queue."
  }
}

run "queues" {
  assert {
    condition     = aws_sqs_queue.this["events"].name == "ecs-steward-events" && aws_sqs_queue.this["alerts"].name == "ecs-steward-alerts.fifo" && toset(keys(aws_sqs_queue.this)) == toset(["events", "alerts"])
    error_message = "The queues are not those that are on by default."
  }

  assert {
    condition = (
      jsondecode(aws_sqs_queue.this["events"].redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead_letters["events"].arn, maxReceiveCount = 10 }
      && jsondecode(aws_sqs_queue.this["alerts"].redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead_letters["alerts"].arn, maxReceiveCount = 10 }
    )
    error_message = "A queue's redrive policy is wrong."
  }

  assert {
    condition = (
      jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letters["events"].redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this["events"].arn] }
      && jsondecode(aws_sqs_queue_redrive_allow_policy.dead_letters["alerts"].redrive_allow_policy) == { redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.this["alerts"].arn] }
    )
    error_message = "A dead-letter queue takes messages from other queues than its own."
  }

  assert {
    condition     = aws_sqs_queue.this["alerts"].fifo_queue && aws_sqs_queue.dead_letters["alerts"].fifo_queue && endswith(aws_sqs_queue.dead_letters["alerts"].name, ".fifo")
    error_message = "The queue of alerts and its dead-letter queue must both be FIFO."
  }

  assert {
    condition = alltrue([
      for queue in [aws_sqs_queue.this["events"], aws_sqs_queue.dead_letters["events"], aws_sqs_queue.this["alerts"], aws_sqs_queue.dead_letters["alerts"]] :
      queue.sqs_managed_sse_enabled && queue.kms_master_key_id == null
    ])
    error_message = "A queue is not encrypted by SQS."
  }

  assert {
    condition     = aws_sqs_queue.this["events"].visibility_timeout_seconds == 60 && aws_sqs_queue.dead_letters["events"].message_retention_seconds > aws_sqs_queue.this["events"].message_retention_seconds
    error_message = "The visibility timeout is not the steward's, or dead letters are not kept longer than messages."
  }
}

run "queue_policies" {
  assert {
    condition = jsondecode(aws_sqs_queue_policy.this["events"].policy).Statement == [
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.this["events"].arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "Rules"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.this["events"].arn
        Condition = { ArnEquals = { "aws:SourceArn" = concat([for rule in aws_cloudwatch_event_rule.this : rule.arn], [aws_cloudwatch_event_rule.heartbeat[0].arn]) } }
      },
      {
        Sid       = "AlarmTopic"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.this["events"].arn
        Condition = { ArnEquals = { "aws:SourceArn" = [aws_sns_topic.alarms[0].arn] } }
      },
    ]
    error_message = "Others than the rules and the topic may send to the queue of events, or these may not."
  }

  assert {
    condition     = [for s in jsondecode(aws_sqs_queue_policy.this["alerts"].policy).Statement : s.Effect] == ["Deny"]
    error_message = "Somebody may send to the queue of alerts by its policy; only the steward's own role should."
  }

  assert {
    condition     = [for s in jsondecode(aws_sqs_queue_policy.dead_letters["events"].policy).Statement : s.Sid] == ["OnlyOverTls", "WhatTheRulesCouldNotDeliver"]
    error_message = "The policy of the dead-letter queue is wrong."
  }

  assert {
    condition     = !contains([for s in jsondecode(aws_sqs_queue_policy.dead_letters["events"].policy).Statement : s.Condition.ArnEquals["aws:SourceArn"] if s.Sid == "WhatTheRulesCouldNotDeliver"][0], aws_cloudwatch_event_rule.heartbeat[0].arn)
    error_message = "Heartbeats that do not arrive pile up among the dead letters."
  }
}

run "topic" {
  assert {
    condition = jsondecode(aws_sns_topic_policy.alarms[0].policy).Statement == [{
      Sid       = "Cloudwatch"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alarms[0].arn
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111122223333" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*" }
      }
    }]
    error_message = "Others than alarms of this account may publish to the topic, or these may not."
  }

  assert {
    condition = (
      aws_sns_topic_subscription.alarms[0].protocol == "sqs"
      && aws_sns_topic_subscription.alarms[0].endpoint == aws_sqs_queue.this["events"].arn
      && aws_sns_topic_subscription.alarms[0].raw_message_delivery != true
    )
    error_message = "The topic's subscription does not deliver whole notifications to the queue of events."
  }
}

run "claims" {
  assert {
    condition = (
      aws_dynamodb_table.claims[0].hash_key == "key"
      && aws_dynamodb_table.claims[0].range_key == null
      && [for a in aws_dynamodb_table.claims[0].attribute : "${a.name} ${a.type}"] == ["key S"]
      && aws_dynamodb_table.claims[0].ttl[0].attribute_name == "ttl" && aws_dynamodb_table.claims[0].ttl[0].enabled
      && aws_dynamodb_table.claims[0].billing_mode == "PAY_PER_REQUEST"
      && aws_dynamodb_table.claims[0].point_in_time_recovery[0].enabled
      && aws_dynamodb_table.claims[0].deletion_protection_enabled
    )
    error_message = "The table of claims is not as the steward wants it."
  }
}

run "permissions" {
  assert {
    condition = {
      for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Sid => toset(s.Resource)
      } == {
      ReadQueues               = toset([aws_sqs_queue.this["events"].arn, aws_sqs_queue.this["alerts"].arn])
      LookAtQueues             = toset([aws_sqs_queue.this["events"].arn, aws_sqs_queue.this["alerts"].arn, aws_sqs_queue.dead_letters["events"].arn])
      SendToQueues             = toset([aws_sqs_queue.this["events"].arn, aws_sqs_queue.this["alerts"].arn, aws_sqs_queue.dead_letters["events"].arn])
      LookAtClusters           = toset(["arn:aws:ecs:eu-west-1:111122223333:cluster/*"])
      LookAtServices           = toset(["arn:aws:ecs:eu-west-1:111122223333:service/*/*"])
      LookAtContainerInstances = toset(["arn:aws:ecs:eu-west-1:111122223333:container-instance/*/*"])
      UpdateServices           = toset(["arn:aws:ecs:eu-west-1:111122223333:service/*/*"])
      Claims                   = toset([aws_dynamodb_table.claims[0].arn])
    }
    error_message = "The steward's permissions are not those it needs by default."
  }

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.execution[0].policy).Statement : [s.Sid, s.Resource]] == [
      ["Log", ["${aws_cloudwatch_log_group.steward[0].arn}:log-stream:*"]],
      ["Secrets", ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"]],
    ]
    error_message = "The execution role may do more or less than write the log and read the secret."
  }

  assert {
    condition = alltrue([
      for role in [aws_iam_role.task[0], aws_iam_role.execution[0]] :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    ])
    error_message = "A role may be assumed for tasks of other accounts."
  }
}

run "service" {
  assert {
    condition = { for e in jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].environment : e.name => e.value } == {
      STEWARD_EVENTS_QUEUE_URL          = aws_sqs_queue.this["events"].url
      STEWARD_EVENTS_CONSUMERS          = "4"
      STEWARD_EVENTS_VISIBILITY_TIMEOUT = "60"
      STEWARD_ALERTS_QUEUE_URL          = aws_sqs_queue.this["alerts"].url
      STEWARD_DEAD_LETTER_QUEUE_URL     = aws_sqs_queue.dead_letters["events"].url
      STEWARD_CLAIMS                    = "dynamodb:ecs-steward"
      STEWARD_MANAGEMENT_PORT           = "8080"
      STEWARD_SHUTDOWN_TIMEOUT          = "25"
      STEWARD_HOSTS_DRAIN               = "none"
      STEWARD_LOG_LEVEL                 = "INFO"
    }
    error_message = "The container's settings are wrong."
  }

  assert {
    condition = jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].secrets == [
      { name = "STEWARD_SLACK_WEBHOOK_SECRET", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf:webhook::" }
    ]
    error_message = "The webhook is not injected."
  }

  assert {
    condition = (
      jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].user == "10001:10001"
      && jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].readonlyRootFilesystem
      && jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].stopTimeout == 30
      && jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].linuxParameters.capabilities.drop == ["ALL"]
      && aws_ecs_task_definition.steward[0].runtime_platform[0].cpu_architecture == "ARM64"
    )
    error_message = "The container is root, may write, is killed too early or is built for another CPU."
  }

  # The user is not root, to whom a volume would belong.
  assert {
    condition = (
      [for mount in jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].linuxParameters.tmpfs : mount.containerPath] == ["/tmp"]
      && length(aws_ecs_task_definition.steward[0].volume) == 0 && !contains(keys(jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0]), "mountPoints")
    )
    error_message = "There is no place for temporary files, or one that only root can write to."
  }

  assert {
    condition = jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].healthCheck == {
      command = [
        "CMD", "java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
        "-XX:AOTCache=/app/ecs-steward.aot", "-jar", "/app/ecs-steward.jar", "health",
      ]
      interval    = 30
      timeout     = 10
      retries     = 3
      startPeriod = 60
    }
    error_message = "The health check is not the image's own."
  }

  assert {
    condition     = [for mapping in jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].portMappings : mapping.containerPort] == [8080]
    error_message = "The management port is not told."
  }

  assert {
    condition = (
      aws_ecs_service.steward[0].launch_type == "FARGATE" && length(aws_ecs_service.steward[0].capacity_provider_strategy) == 0
      && aws_ecs_service.steward[0].deployment_circuit_breaker[0].enable && aws_ecs_service.steward[0].deployment_circuit_breaker[0].rollback
    )
    error_message = "The service does not run on-demand, or does not roll back."
  }

  assert {
    condition     = aws_cloudwatch_log_group.steward[0].retention_in_days == 14
    error_message = "The log is not kept for 14 days."
  }

  assert {
    condition     = length(aws_security_group.steward) == 1 && toset([for rule in aws_vpc_security_group_egress_rule.https : rule.to_port]) == toset([443])
    error_message = "The security group lets out something else than HTTPS."
  }

  assert {
    condition = (
      aws_appautoscaling_target.steward[0].resource_id == "service/tools/ecs-steward"
      && one([for m in aws_appautoscaling_policy.backlog[0].target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metrics : m.expression if m.return_data]) == "waiting / FILL(tasks, 1)"
    )
    error_message = "The service does not scale by the backlog of a task."
  }
}

run "alarms" {
  assert {
    condition = toset(keys(output.alarm_arns)) == toset([
      "ecs-steward-steward-events-wait", "ecs-steward-steward-alerts-wait",
      "ecs-steward-steward-events-dead", "ecs-steward-steward-alerts-dead", "ecs-steward-steward-no-task", "ecs-steward-steward-heartbeat",
    ])
    error_message = "The alarms by default are not those of the steward itself."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.no_task[0].treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.no_task[0].statistic == "SampleCount"
    error_message = "An absent steward is no alarm."
  }

  assert {
    condition     = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.queue_age), values(aws_cloudwatch_metric_alarm.dead_letters)) : alarm.treat_missing_data == "notBreaching" && alarm.alarm_actions == toset([aws_sns_topic.alarms[0].arn])])
    error_message = "An alarm of a queue goes off because nothing is there, or notifies nobody."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.queue_age["alerts"].dimensions == tomap({ QueueName = "ecs-steward-alerts.fifo" })
    error_message = "The alarm of the queue of alerts looks at another queue."
  }
}

run "heartbeat" {
  assert {
    condition = (
      aws_cloudwatch_event_rule.heartbeat[0].schedule_expression == "rate(1 minute)" && aws_cloudwatch_event_rule.heartbeat[0].state == "ENABLED"
      && aws_cloudwatch_event_target.heartbeat[0].arn == aws_sqs_queue.this["events"].arn && length(aws_cloudwatch_event_target.heartbeat[0].dead_letter_config) == 0
    )
    error_message = "There is no schedule each minute for the queue of events, or its failures are dead letters."
  }

  # What EventBridge makes of it is one of the samples.
  assert {
    condition = (
      aws_cloudwatch_event_target.heartbeat[0].input_transformer[0].input_paths == tomap({ time = "$.time" })
      && jsondecode(replace(aws_cloudwatch_event_target.heartbeat[0].input_transformer[0].input_template, "<time>", "\"2026-11-17T10:00:00Z\""))
      == { source = "ecs-steward", detail-type = "Heartbeat", time = "2026-11-17T10:00:00Z" }
    )
    error_message = "The schedule sends something else than a heartbeat."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.heartbeat[0].metric_name == "NumberOfMessagesDeleted" && aws_cloudwatch_metric_alarm.heartbeat[0].statistic == "Sum"
      && aws_cloudwatch_metric_alarm.heartbeat[0].dimensions == tomap({ QueueName = "ecs-steward-events" })
      && aws_cloudwatch_metric_alarm.heartbeat[0].comparison_operator == "LessThanThreshold" && aws_cloudwatch_metric_alarm.heartbeat[0].threshold == 1
      && aws_cloudwatch_metric_alarm.heartbeat[0].period == 60 && aws_cloudwatch_metric_alarm.heartbeat[0].datapoints_to_alarm == 5
      && aws_cloudwatch_metric_alarm.heartbeat[0].evaluation_periods == 5 && aws_cloudwatch_metric_alarm.heartbeat[0].treat_missing_data == "breaching"
    )
    error_message = "Five minutes without anything processed are no alarm."
  }
}

run "dashboard" {
  assert {
    condition     = length(aws_cloudwatch_dashboard.steward) == 0 && output.dashboard_name == null && !contains(keys(output.environment), "STEWARD_METRICS_EMF")
    error_message = "There is a dashboard, or metrics that cost money, although nobody asked for it."
  }
}

run "hosts" {
  variables {
    drain_hosts = "spot-interruption"
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["spot-hosts"].event_pattern) == { source = ["aws.ec2"], detail-type = ["EC2 Spot Instance Interruption Warning"] }
    error_message = "The rule for Spot Instances lets a recommendation through that nothing is done about, or no warning."
  }

  assert {
    condition = (
      toset(flatten([for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Action if contains(["FindClusters", "DrainHosts"], s.Sid)])) == toset(["ecs:ListClusters", "ecs:UpdateContainerInstancesState"])
      && output.environment.STEWARD_HOSTS_DRAIN == "spot-interruption"
    )
    error_message = "Hosts shall be drained without what it needs."
  }
}

run "failover" {
  variables {
    spot_policies = ["prod/batch-*=observe", "prod/web=failover"]
  }

  assert {
    condition = { for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Sid => s if contains(["FindClusters", "FindServices", "TagServices"], s.Sid) } == {
      FindClusters = { Sid = "FindClusters", Effect = "Allow", Action = ["ecs:ListClusters"], Resource = ["*"] }
      FindServices = {
        Sid       = "FindServices", Effect = "Allow", Action = ["ecs:ListServices"], Resource = ["*"],
        Condition = { ArnLike = { "ecs:cluster" = ["arn:aws:ecs:eu-west-1:111122223333:cluster/*"] } }
      }
      TagServices = {
        Sid       = "TagServices", Effect = "Allow", Action = ["ecs:TagResource", "ecs:UntagResource"], Resource = ["arn:aws:ecs:eu-west-1:111122223333:service/*/*"],
        Condition = { "ForAllValues:StringEquals" = { "aws:TagKeys" = ["ecs-steward:failover"] }, Null = { "aws:TagKeys" = "false" } }
      }
    }
    error_message = "Services shall move to on-demand, and the steward may not find them, or tag them, or may write more than its own tag."
  }

  assert {
    condition = (
      output.environment.STEWARD_SPOT_POLICIES == "prod/batch-*=observe, prod/web=failover"
      && length(setintersection(keys(output.environment), ["STEWARD_SPOT_POLICY", "STEWARD_SPOT_FAILOVER_AFTER", "STEWARD_SPOT_CALM_TIME", "STEWARD_SPOT_SWEEP"])) == 0
    )
    error_message = "The policies do not reach the steward, or more than they."
  }

  assert {
    condition     = length(setintersection(keys(aws_cloudwatch_event_rule.this), ["spot-capacity", "spot-starts"])) == 0
    error_message = "There is a rule for the urgent queue, and no such queue."
  }
}

run "failover_by_tags" {
  variables {
    spot_failover = true
  }

  assert {
    condition     = output.environment.STEWARD_SPOT_SWEEP == "1h" && contains(jsondecode(aws_iam_policy.task.policy).Statement[*].Sid, "TagServices")
    error_message = "Where tags say failover nobody looks for services that were forgotten, or may move them."
  }
}

run "failover_without_a_sweep" {
  variables {
    spot_policy = "failover"
    spot_sweep  = "0s"
  }

  assert {
    condition     = output.environment.STEWARD_SPOT_SWEEP == "0s"
    error_message = "Never to look for services that were forgotten is not handed on."
  }
}

run "failover_that_is_switched_off" {
  variables {
    spot_policy   = "redeploy"
    spot_failover = true
  }

  assert {
    condition = (
      output.environment.STEWARD_SPOT_SWEEP == "1h"
      && length(setsubtract(["FindServices", "TagServices"], jsondecode(aws_iam_policy.task.policy).Statement[*].Sid)) == 0
    )
    error_message = "Services that are on demand cannot go back, or nobody looks for them."
  }
}

run "failover_in_a_dry_run" {
  variables {
    spot_policy = "failover"
    dry_run     = true
  }

  assert {
    condition = (
      contains(jsondecode(aws_iam_policy.task.policy).Statement[*].Sid, "FindServices")
      && !contains(jsondecode(aws_iam_policy.task.policy).Statement[*].Sid, "TagServices")
    )
    error_message = "A dry run may write tags, or not look for services."
  }
}

run "no_failover" {
  assert {
    condition     = length(setintersection(flatten(jsondecode(aws_iam_policy.task.policy).Statement[*].Action), ["ecs:TagResource", "ecs:UntagResource", "ecs:ListServices", "ecs:ListClusters"])) == 0
    error_message = "The steward may do what only failover needs."
  }
}

run "lifecycle_hooks" {
  variables {
    lifecycle_hooks = ["drain"]
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["lifecycle-actions"].event_pattern) == jsondecode(file("patterns/hosts/lifecycle-actions.json")) && !contains(keys(aws_cloudwatch_event_rule.this), "spot-hosts")
    error_message = "There is no rule for lifecycle actions, or one for Spot Instances that nobody asked for."
  }

  assert {
    condition = toset(flatten([for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Action if endswith(s.Sid, "LifecycleHooks") || contains(["CompleteLifecycleActions", "DrainHosts"], s.Sid)])) == toset([
      "autoscaling:DescribeLifecycleHooks", "autoscaling:RecordLifecycleActionHeartbeat", "autoscaling:CompleteLifecycleAction", "ecs:UpdateContainerInstancesState",
    ])
    error_message = "Lifecycle actions shall be completed without what it needs."
  }
}

# What the module makes when everything is asked for.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name_prefix = "prod"

  clusters = [
    "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
    "arn:aws:ecs:eu-west-1:111122223333:cluster/batch",
  ]
  rule_state          = "DISABLED"
  rule_names          = { spot-interruption = "custom-spot-rule" }
  extra_patterns      = { order-imports = "{\"source\": [\"shop.orders\"], \"detail\": {\"count\": [{\"numeric\": [\">\", 0]}]}}" }
  service_events_info = true
  detail_logs         = true
  detail_graphs       = true
  detail_deployments  = true
  drain_hosts         = "rebalance-recommendation"
  spot_policy         = "failover"
  spot_policies       = ["prod/batch-*=observe"]
  spot_failover_after = "10m"
  spot_calm_time      = "1h"
  spot_sweep          = "30m"
  lifecycle_hooks     = ["drain-*", "ecs"]
  agent_drain_after   = "15m"

  create_urgent_queue       = true
  max_receive_count         = 20
  visibility_timeout        = 120
  message_retention_seconds = 86400
  kms_key_arn               = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

  alarm_topic_publishers           = ["backup.amazonaws.com"]
  claims_table_deletion_protection = false

  alarm_targets = [
    { cluster = "prod", on_instances = true },
    { cluster = "prod", service = "web", cpu_threshold = 70, disk_threshold = 0 },
    { cluster = "batch", memory_threshold = 90, periods = 5 },
    { cluster = "old", service = "web", container_insights = false, memory_threshold = 0 },
  ]
  alarm_actions      = ["arn:aws:sns:eu-west-1:111122223333:paging"]
  container_insights = true
  heartbeat_minutes  = 10
  create_dashboard   = true

  management_port           = 9090
  health_check_start_period = 120

  image               = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecs-steward:1"
  ecr_repository_arns = ["arn:aws:ecr:eu-west-1:111122223333:repository/ecs-steward"]
  service_cluster_arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/tools"
  subnet_ids          = ["subnet-1", "subnet-2"]
  security_group_ids  = ["sg-1"]
  spot                = true
  architecture        = "X86_64"
  cpu                 = 512
  memory              = 1024
  tasks_min           = 2
  tasks_max           = 8

  slack_token_secret_arn     = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"
  slack_app_token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-app-AbCdEf"
  secrets_kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/5678abcd-12ab-34cd-56ef-1234567890ab"
  slack_channel              = "#ops"
  slack_channels             = ["service:prod/web=#web", "severity:critical=#oncall"]
  slack_operators            = ["U012AB3CD", "S0604QSJC"]
  alerts_topic_arn           = "arn:aws:sns:eu-west-1:111122223333:all-alerts"
  one_per_instance_services  = ["logging-agent", "prod/metrics-agent"]
  consumers                  = 8
  shutdown_timeout           = 60
  settings                   = { STEWARD_AGENT_GRACE_PERIOD = "120", STEWARD_EVENTS_CONSUMERS = "16" }

  log_level          = "DEBUG"
  log_retention_days = 30

  tags = { Team = "platform" }
}

run "rules" {
  assert {
    condition = alltrue(concat(
      [for file in fileset("tests/narrowed", "*.json") :
      jsondecode(aws_cloudwatch_event_rule.this[trimsuffix(file, ".json")].event_pattern) == jsondecode(file("tests/narrowed/${file}"))],
      [for name in ["alarms", "guardduty", "health", "inspector", "security-hub"] :
      jsondecode(aws_cloudwatch_event_rule.this[name].event_pattern) == jsondecode(file("patterns/${name}.json"))],
      [for file in fileset("patterns/hosts", "*.json") :
      jsondecode(aws_cloudwatch_event_rule.this[trimsuffix(file, ".json")].event_pattern) == jsondecode(file("patterns/hosts/${file}"))],
    ))
    error_message = "The clusters narrow the rules otherwise than tests/narrowed/ says, or a rule that they should leave alone."
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.this) == length(fileset("patterns", "**/*.json")) + 1
    error_message = "There is not one rule for each file in patterns/ and the folders in it, and one for the pattern that was added."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["order-imports"].event_pattern) == jsondecode(var.extra_patterns["order-imports"])
    error_message = "A pattern that was added does not arrive as it was written."
  }

  assert {
    condition = (
      alltrue([for rule in aws_cloudwatch_event_rule.this : rule.state == "DISABLED"])
      && aws_cloudwatch_event_rule.this["spot-interruption"].name == "custom-spot-rule"
      && aws_cloudwatch_event_rule.this["alarms"].name == "prod-ecs-steward-alarms"
    )
    error_message = "The rules' state or names are not as asked for."
  }

  assert {
    condition = alltrue([
      for name, target in aws_cloudwatch_event_target.this :
      target.arn == (contains(["spot-interruption", "spot-hosts", "spot-capacity", "spot-starts"], name) ? aws_sqs_queue.this["urgent"].arn : aws_sqs_queue.this["events"].arn)
    ])
    error_message = "The urgent queue gets something else than what Spot does, or not that."
  }
}

run "queues" {
  assert {
    condition = alltrue([
      for queue in concat(values(aws_sqs_queue.this), values(aws_sqs_queue.dead_letters)) :
      queue.kms_master_key_id == var.kms_key_arn && startswith(queue.name, "prod-ecs-steward-") && queue.tags == tomap({ Team = "platform" })
    ])
    error_message = "A queue has another key, name or other tags."
  }

  assert {
    condition = (
      jsondecode(aws_sqs_queue.this["urgent"].redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead_letters["urgent"].arn, maxReceiveCount = 20 }
      && alltrue([for queue in aws_sqs_queue.this : queue.visibility_timeout_seconds == 120 && queue.message_retention_seconds == 86400])
    )
    error_message = "The queues' redrive policy, visibility timeout or retention is not as asked for."
  }

  assert {
    condition = (
      [for s in jsondecode(aws_sqs_queue_policy.this["urgent"].policy).Statement : try(s.Condition.ArnEquals["aws:SourceArn"], null) if s.Sid == "Rules"] == [[aws_cloudwatch_event_rule.this["spot-capacity"].arn, aws_cloudwatch_event_rule.this["spot-hosts"].arn, aws_cloudwatch_event_rule.this["spot-interruption"].arn, aws_cloudwatch_event_rule.this["spot-starts"].arn]]
      && !contains(one([for s in jsondecode(aws_sqs_queue_policy.this["events"].policy).Statement : s if s.Sid == "Rules"]).Condition.ArnEquals["aws:SourceArn"], aws_cloudwatch_event_rule.this["spot-interruption"].arn)
    )
    error_message = "Others than the Spot rules may send to the urgent queue, or the Spot rule to the queue of events."
  }

  assert {
    condition     = [for s in jsondecode(output.kms_key_statements_json) : s.Principal.Service] == ["cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com"]
    error_message = "The key's statements leave a service out."
  }

  assert {
    condition = (
      aws_sns_topic.alarms[0].kms_master_key_id == var.kms_key_arn
      && [for s in jsondecode(aws_sns_topic_policy.alarms[0].policy).Statement : s.Principal.Service] == ["backup.amazonaws.com", "cloudwatch.amazonaws.com"]
      && alltrue([for s in jsondecode(aws_sns_topic_policy.alarms[0].policy).Statement : s.Condition.StringEquals["aws:SourceAccount"] == "111122223333"])
    )
    error_message = "The topic's key or policy is not as asked for."
  }
}

run "permissions" {
  assert {
    condition = (
      { for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Sid => s.Action if endswith(s.Sid, "Logs") || contains(["LookAtStoppedTasks", "DrawAlarms"], s.Sid) } == {
        DrawAlarms         = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricWidgetImage"]
        LookAtStoppedTasks = ["ecs:DescribeTasks"]
        ReadTheirLogs      = ["logs:GetLogEvents"]
      }
      && output.environment.STEWARD_DETAILS_LOGS == "true"
    )
    error_message = "A detail is on without what it needs."
  }

  assert {
    condition = { for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Sid => s.Resource if startswith(s.Sid, "Update") || startswith(s.Sid, "LookAtC") || contains(["LookAtServices", "LookAtDeployments", "DrainHosts", "TagServices"], s.Sid) } == {
      TagServices              = ["arn:aws:ecs:eu-west-1:111122223333:service/prod/*", "arn:aws:ecs:eu-west-1:111122223333:service/batch/*"]
      DrainHosts               = ["arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/*", "arn:aws:ecs:eu-west-1:111122223333:container-instance/batch/*"]
      UpdateServices           = ["arn:aws:ecs:eu-west-1:111122223333:service/prod/*", "arn:aws:ecs:eu-west-1:111122223333:service/batch/*"]
      LookAtServices           = ["arn:aws:ecs:eu-west-1:111122223333:service/prod/*", "arn:aws:ecs:eu-west-1:111122223333:service/batch/*"]
      LookAtClusters           = [for arn in var.clusters : arn]
      LookAtCapacityProviders  = ["arn:aws:ecs:eu-west-1:111122223333:capacity-provider/*"]
      LookAtContainerInstances = ["arn:aws:ecs:eu-west-1:111122223333:container-instance/prod/*", "arn:aws:ecs:eu-west-1:111122223333:container-instance/batch/*"]
      LookAtDeployments = [
        "arn:aws:ecs:eu-west-1:111122223333:service/prod/*", "arn:aws:ecs:eu-west-1:111122223333:service/batch/*",
        "arn:aws:ecs:eu-west-1:111122223333:service-revision/prod/*", "arn:aws:ecs:eu-west-1:111122223333:service-revision/batch/*",
      ]
    }
    error_message = "The steward may do something to clusters that are not listed, or not to those that are."
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Condition.ArnLike["ecs:cluster"] == [for arn in var.clusters : arn]
      if contains(["UpdateServices", "LookAtServices", "LookAtContainerInstances", "LookAtTasksOnHosts", "DrainHosts", "FindServices"], s.Sid)
    ])
    error_message = "A statement does not hold the steward to the listed clusters."
  }

  assert {
    condition = (
      { for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Sid => s.Resource if contains(["TellTopic", "QueueKey"], s.Sid) } == {
        TellTopic = ["arn:aws:sns:eu-west-1:111122223333:all-alerts"], QueueKey = [var.kms_key_arn]
      }
      && contains(one([for s in jsondecode(aws_iam_policy.task.policy).Statement : s if s.Sid == "ReadQueues"]).Resource, aws_sqs_queue.this["urgent"].arn)
    )
    error_message = "The steward may not publish to the topic, use the key, or read the urgent queue."
  }

  assert {
    condition     = length([for s in jsondecode(aws_iam_policy.task.policy).Statement : s if contains(flatten([s.Resource]), "*") && !contains(["LookAtTaskDefinitions", "DrawAlarms", "FindClusters", "FindServices", "LookAtLifecycleHooks"], s.Sid)]) == 0
    error_message = "A statement of the steward's names no resource, though what it allows can be limited to some."
  }

  assert {
    condition = { for s in jsondecode(aws_iam_role_policy.execution[0].policy).Statement : s.Sid => s.Resource if s.Sid != "Log" } == {
      Secrets       = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-app-AbCdEf", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"]
      SecretsKey    = [var.secrets_kms_key_arn]
      Image         = ["arn:aws:ecr:eu-west-1:111122223333:repository/ecs-steward"]
      RegistryLogin = ["*"]
    }
    error_message = "The execution role may do more or less than it must."
  }
}

run "service" {
  assert {
    condition = { for e in jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].environment : e.name => e.value } == {
      STEWARD_AGENT_GRACE_PERIOD        = "120"
      STEWARD_EVENTS_QUEUE_URL          = aws_sqs_queue.this["events"].url
      STEWARD_EVENTS_CONSUMERS          = "16"
      STEWARD_EVENTS_VISIBILITY_TIMEOUT = "120"
      STEWARD_URGENT_QUEUE_URL          = aws_sqs_queue.this["urgent"].url
      STEWARD_ALERTS_QUEUE_URL          = aws_sqs_queue.this["alerts"].url
      STEWARD_DEAD_LETTER_QUEUE_URL     = aws_sqs_queue.dead_letters["events"].url
      STEWARD_DETAILS_LOGS              = "true"
      STEWARD_DETAILS_GRAPHS            = "true"
      STEWARD_DETAILS_DEPLOYMENTS       = "true"
      STEWARD_CLAIMS                    = "dynamodb:prod-ecs-steward"
      STEWARD_SLACK_CHANNEL             = "#ops"
      STEWARD_SLACK_CHANNELS            = "service:prod/web=#web, severity:critical=#oncall"
      STEWARD_SLACK_OPERATORS           = "U012AB3CD,S0604QSJC"
      STEWARD_SNS_TOPIC_ARN             = "arn:aws:sns:eu-west-1:111122223333:all-alerts"
      STEWARD_ONE_PER_INSTANCE_SERVICES = "logging-agent, prod/metrics-agent"
      STEWARD_MANAGEMENT_PORT           = "9090"
      STEWARD_METRICS_EMF               = "true"
      STEWARD_SERVICE_EVENTS_INFO       = "true"
      STEWARD_SHUTDOWN_TIMEOUT          = "60"
      STEWARD_HOSTS_DRAIN               = "rebalance-recommendation"
      STEWARD_SPOT_POLICY               = "failover"
      STEWARD_SPOT_POLICIES             = "prod/batch-*=observe"
      STEWARD_SPOT_FAILOVER_AFTER       = "10m"
      STEWARD_SPOT_CALM_TIME            = "1h"
      STEWARD_SPOT_SWEEP                = "30m"
      STEWARD_HOSTS_CLUSTERS            = "prod,batch"
      STEWARD_HOSTS_LIFECYCLE_HOOKS     = "drain-*,ecs"
      STEWARD_AGENT_DRAIN_AFTER         = "15m"
      STEWARD_LOG_LEVEL                 = "DEBUG"
    }
    error_message = "The container's settings are not as asked for."
  }

  assert {
    condition = (
      jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].secrets == [
        { name = "STEWARD_SLACK_APP_TOKEN_SECRET", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-app-AbCdEf" },
        { name = "STEWARD_SLACK_TOKEN_SECRET", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf" }
      ]
      && jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].stopTimeout == 65
    )
    error_message = "The token is not injected, or the container is killed before it has finished."
  }

  assert {
    condition = (
      one(aws_ecs_service.steward[0].capacity_provider_strategy).capacity_provider == "FARGATE_SPOT"
      && length(aws_security_group.steward) == 0
      && aws_ecs_service.steward[0].network_configuration[0].security_groups == toset(["sg-1"])
      && aws_ecs_task_definition.steward[0].runtime_platform[0].cpu_architecture == "X86_64"
    )
    error_message = "The service does not run on Spot, in the group or on the CPU that was asked for."
  }

  assert {
    condition = (
      aws_appautoscaling_target.steward[0].min_capacity == 2 && aws_appautoscaling_target.steward[0].max_capacity == 8
      && aws_cloudwatch_metric_alarm.no_task[0].metric_name == "RunningTaskCount"
      && aws_cloudwatch_metric_alarm.no_task[0].dimensions == tomap({ ClusterName = "tools", ServiceName = "prod-ecs-steward" })
    )
    error_message = "The number of tasks is not as asked for, or not watched by Container Insights."
  }

  assert {
    condition     = aws_cloudwatch_log_group.steward[0].retention_in_days == 30 && aws_dynamodb_table.claims[0].deletion_protection_enabled == false
    error_message = "The log's retention or the table's protection is not as asked for."
  }
}

run "alarms" {
  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.utilization : name => "${alarm.metric_name} ${alarm.threshold}" } == {
      "prod/cpu"        = "CPUUtilization 80"
      "prod/memory"     = "MemoryUtilization 80"
      "prod/web/cpu"    = "CPUUtilization 70"
      "prod/web/memory" = "MemoryUtilization 80"
      "old/web/cpu"     = "CPUUtilization 80"
    }
    error_message = "The alarms on ECS's own metrics are not those of the targets: a cluster without instances has no such metrics."
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.containers : name =>
      "${join("/", sort([for q in alarm.metric_query : q.metric[0].metric_name if q.id != "e1"]))} ${one([for q in alarm.metric_query : q.expression if q.return_data == true])} ${alarm.threshold}"
      } == {
      "prod/cpu"        = "CpuReserved/CpuUtilized 100*m1/m2 80"
      "prod/memory"     = "MemoryReserved/MemoryUtilized 100*m1/m2 80"
      "prod/web/cpu"    = "CpuReserved/CpuUtilized 100*m1/m2 70"
      "prod/web/memory" = "MemoryReserved/MemoryUtilized 100*m1/m2 80"
      "batch/cpu"       = "CpuReserved/CpuUtilized 100*m1/m2 80"
      "batch/memory"    = "MemoryReserved/MemoryUtilized 100*m1/m2 90"
      "batch/disk"      = "EphemeralStorageReserved/EphemeralStorageUtilized 100*m1/m2 80"
    }
    error_message = "The alarms on Container Insights are not those of the targets."
  }

  assert {
    condition = (
      keys(aws_cloudwatch_metric_alarm.instance_disk) == ["prod"]
      && aws_cloudwatch_metric_alarm.instance_disk["prod"].metric_name == "instance_filesystem_utilization"
    )
    error_message = "The disks of container instances are not watched, or those of Fargate are."
  }

  assert {
    condition = alltrue([
      for alarm in concat(values(aws_cloudwatch_metric_alarm.utilization), values(aws_cloudwatch_metric_alarm.containers), values(aws_cloudwatch_metric_alarm.queue_age), aws_cloudwatch_metric_alarm.no_task) :
      alarm.alarm_actions == toset([aws_sns_topic.alarms[0].arn, "arn:aws:sns:eu-west-1:111122223333:paging"]) && alarm.ok_actions == alarm.alarm_actions
    ])
    error_message = "An alarm does not notify both topics, or does not say when it is over."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.queue_age["urgent"].threshold == 60
      && aws_cloudwatch_metric_alarm.dead_letters["urgent"].dimensions == tomap({ QueueName = "ecs-steward-urgent-dead" })
      && aws_cloudwatch_metric_alarm.containers["batch/disk"].evaluation_periods == 5
      && aws_cloudwatch_metric_alarm.utilization["prod/web/cpu"].dimensions == tomap({ ClusterName = "prod", ServiceName = "web" })
    )
    error_message = "An alarm's threshold, periods or dimensions are wrong."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.buttons[0].metric_name == "steward_slack_socket_connected"
      && aws_cloudwatch_metric_alarm.buttons[0].statistic == "Maximum" && aws_cloudwatch_metric_alarm.buttons[0].threshold == 1
      && contains(keys(output.alarm_arns), "prod-ecs-steward-steward-buttons")
    )
    error_message = "A lost connection of Socket Mode is no alarm."
  }
}

run "heartbeat" {
  assert {
    condition = (
      aws_cloudwatch_event_rule.heartbeat[0].name == "prod-ecs-steward-heartbeat" && aws_cloudwatch_event_rule.heartbeat[0].state == "ENABLED"
      && aws_cloudwatch_event_target.heartbeat[0].arn == aws_sqs_queue.this["events"].arn
      && contains(one([for s in jsondecode(aws_sqs_queue_policy.this["events"].policy).Statement : s if s.Sid == "Rules"]).Condition.ArnEquals["aws:SourceArn"], output.heartbeat_rule_arn)
      && !strcontains(aws_sqs_queue_policy.this["urgent"].policy, output.heartbeat_rule_arn)
    )
    error_message = "The heartbeat goes to another queue, may not be sent, or stops with the rules."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.heartbeat[0].evaluation_periods == 10 && aws_cloudwatch_metric_alarm.heartbeat[0].datapoints_to_alarm == 10
    error_message = "The alarm of the heartbeat does not wait as long as asked for."
  }
}

run "management" {
  assert {
    condition = (
      output.environment.STEWARD_MANAGEMENT_PORT == "9090"
      && jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].portMappings[0].containerPort == 9090
      && jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0].healthCheck.startPeriod == 120
    )
    error_message = "The management port or the health check's patience is not as asked for."
  }
}

run "dashboard" {
  assert {
    condition     = aws_cloudwatch_dashboard.steward[0].dashboard_name == "prod-ecs-steward" && output.dashboard_name == "prod-ecs-steward" && output.environment.STEWARD_METRICS_EMF == "true"
    error_message = "There is no dashboard, or the steward does not write its metrics."
  }

  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
  assert {
    condition = alltrue([
      for widget in jsondecode(aws_cloudwatch_dashboard.steward[0].dashboard_body).widgets :
      widget.type == "alarm" ? length(widget.properties.alarms) == length(output.alarm_arns) : (
        widget.x + widget.width <= 24 && widget.properties.region == "eu-west-1"
        && alltrue([for metric in widget.properties.metrics : length(metric) >= 4 && length(metric) % 2 == 0])
      )
    ])
    error_message = "A widget of the dashboard is not as CloudWatch wants it."
  }

  assert {
    condition = alltrue([
      for queue in ["events", "urgent", "alerts.fifo", "events-dead", "urgent-dead", "alerts-dead.fifo"] :
      strcontains(aws_cloudwatch_dashboard.steward[0].dashboard_body, "\"ecs-steward-${queue}\"")
    ])
    error_message = "A queue is not on the dashboard."
  }
}

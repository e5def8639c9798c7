# The alarms of clusters and services, and of Steward itself. All of them notify the topic, and the rule for alarms
# matches them too; one of the two is enough, and both do no harm.

locals {
  alarm_actions = concat(aws_sns_topic.alarms[*].arn, var.alarm_actions)

  alarm_targets = {
    for target in var.alarm_targets : join("/", compact([target.cluster, target.service])) => merge(target, {
      dimensions = merge({ ClusterName = target.cluster }, target.service == null ? {} : { ServiceName = target.service })
    })
  }

  # ECS's own metrics. Those of a whole cluster are there for EC2 instances only, those of a service always.
  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster_utilization.html
  utilization_alarms = merge([
    for name, target in local.alarm_targets : {
      for metric, threshold in { cpu = target.cpu_threshold, memory = target.memory_threshold } : "${name}/${metric}" => {
        target                       = name
        what                         = target.service == null ? "cluster ${target.cluster}" : "service ${name}"
        metric                       = metric
        metric_id                    = metric == "cpu" ? "CPUUtilization" : "MemoryUtilization"
        dimensions                   = target.dimensions
        threshold                    = threshold
        periods                      = target.periods
      } if threshold > 0 && (target.service != null || target.on_instances)
    }
  ]...)

  # Container Insights: what the containers use of what they reserve, as 100*m1/m2. Both are averages over the same samples,
  # so the quotient is that of the sums: with the greatest reservation below, small tasks at their limit would go unnoticed.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
  insights_metrics = {
    cpu    = { used = "CpuUtilized", reserved = "CpuReserved" }
    memory = { used = "MemoryUtilized", reserved = "MemoryReserved" }
    # Where it exists: on Fargate, from platform version 1.4.0 on.
    disk = { used = "EphemeralStorageUtilized", reserved = "EphemeralStorageReserved" }
  }
  insights_alarms = merge([
    for name, target in local.alarm_targets : {
      for metric, threshold in { cpu = target.cpu_threshold, memory = target.memory_threshold, disk = target.on_instances ? 0 : target.disk_threshold } : "${name}/${metric}" => {
        what                         = target.service == null ? "cluster ${target.cluster}" : "service ${name}"
        metric                       = metric
        used                         = local.insights_metrics[metric].used
        reserved                     = local.insights_metrics[metric].reserved
        dimensions                   = target.dimensions
        threshold                    = threshold
        periods                      = target.periods
      } if threshold > 0 && target.container_insights
    }
  ]...)

  # The disks of container instances, where the CloudWatch agent runs on them for Container Insights.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/deploy-container-insights-ECS-instancelevel.html
  instance_disk_alarms = {
    for name, target in local.alarm_targets : name => target
    if target.container_insights && target.on_instances && target.service == null && target.disk_threshold > 0
  }
}

resource "aws_cloudwatch_metric_alarm" "utilization" {
  for_each = local.utilization_alarms

  alarm_name          = "${local.name}-${replace(each.key, "/", "-")}"
  alarm_description   = "The ${each.value.what} uses ${each.value.threshold} % of its ${each.value.metric} or more."
  namespace           = "AWS/ECS"
  metric_name         = each.value.metric_id
  dimensions          = each.value.dimensions
  statistic           = "Average"
  period              = 60
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.periods
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = var.alarm_missing_data

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

resource "aws_cloudwatch_metric_alarm" "containers" {
  for_each = local.insights_alarms

  alarm_name          = "${local.name}-${replace(each.key, "/", "-")}-containers"
  alarm_description   = "The containers of the ${each.value.what} use ${each.value.threshold} % of the ${each.value.metric} they reserve or more."
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.periods
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = var.alarm_missing_data

  metric_query {
    id          = "e1"
    expression  = "100*m1/m2"
    label       = "${title(each.value.metric)} used, in percent"
    return_data = true
  }

  metric_query {
    id = "m1"

    metric {
      namespace   = "ECS/ContainerInsights"
      metric_name = each.value.used
      dimensions  = each.value.dimensions
      period      = 60
      stat        = "Average"
    }
  }

  metric_query {
    id = "m2"

    metric {
      namespace   = "ECS/ContainerInsights"
      metric_name = each.value.reserved
      dimensions  = each.value.dimensions
      period      = 60
      stat        = "Average"
    }
  }

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

resource "aws_cloudwatch_metric_alarm" "instance_disk" {
  for_each = local.instance_disk_alarms

  alarm_name          = "${local.name}-${each.key}-disk-instances"
  alarm_description   = "A container instance of the cluster ${each.value.cluster} uses ${each.value.disk_threshold} % of its disk or more."
  namespace           = "ECS/ContainerInsights"
  metric_name         = "instance_filesystem_utilization"
  dimensions          = each.value.dimensions
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = each.value.periods
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.disk_threshold
  treat_missing_data  = var.alarm_missing_data

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

locals {
  alarm_arns = {
    for alarm in concat(
      values(aws_cloudwatch_metric_alarm.utilization), values(aws_cloudwatch_metric_alarm.containers),
      values(aws_cloudwatch_metric_alarm.instance_disk), values(aws_cloudwatch_metric_alarm.queue_age),
      values(aws_cloudwatch_metric_alarm.dead_letters), aws_cloudwatch_metric_alarm.no_task, aws_cloudwatch_metric_alarm.heartbeat,
      values(aws_cloudwatch_metric_alarm.incidents), aws_cloudwatch_metric_alarm.buttons,
    ) : alarm.alarm_name => alarm.arn
  }

  queue_ages = {
    for name, age in { events = var.events_age_threshold, urgent = var.urgent_age_threshold, alerts = var.alerts_age_threshold } : name => age
    if var.create_steward_alarms && contains(keys(local.queue_arns), name)
  }

  # How many tasks run. Without Container Insights by a metric that each running task sends once a minute.
  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html
  running_tasks = var.container_insights ? {
    namespace = "ECS/ContainerInsights", metric_name = "RunningTaskCount", stat = "Average"
    } : {
    namespace = "AWS/ECS", metric_name = "CPUUtilization", stat = "SampleCount"
  }
}

# Nothing processes the queue, or not fast enough. SQS sends no metrics for a queue that was empty for hours.
resource "aws_cloudwatch_metric_alarm" "queue_age" {
  for_each = local.queue_ages

  alarm_name          = "${local.name}-steward-${each.key}-wait"
  alarm_description   = "The oldest message in ECS Steward's queue of ${each.key} has waited for more than ${each.value} seconds."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = local.queue_names[each.key] }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 3
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value
  treat_missing_data  = "notBreaching"

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = { for name, queue in local.dead_letter_names : name => queue if var.create_steward_alarms }

  alarm_name          = "${local.name}-steward-${each.key}-dead"
  alarm_description   = "There are messages in the dead-letter queue of ECS Steward's ${each.key}: read their attribute 'reason', fix the cause, and run dlq replay."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

# Steward cannot tell Slack that it is down: name another topic in alarm_actions too, for email or paging.
resource "aws_cloudwatch_metric_alarm" "no_task" {
  count = var.create_service && var.create_steward_alarms ? 1 : 0

  alarm_name          = "${local.name}-steward-no-task"
  alarm_description   = "No task of ECS Steward runs: events wait in the queue."
  namespace           = local.running_tasks.namespace
  metric_name         = local.running_tasks.metric_name
  dimensions          = { ClusterName = local.service_cluster, ServiceName = local.name }
  statistic           = local.running_tasks.stat
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 5
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  # Where nothing runs, nothing is sent.
  treat_missing_data = "breaching"

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

# Steward's own metrics of incidents, written to CloudWatch if there is a dashboard. Not to the topic: that leads to Slack, where
# nobody looks or nothing changes, and the alarm would be an incident that nobody acknowledges.
locals {
  incident_alarms = var.create_dashboard && var.create_steward_alarms && length(var.alarm_actions) > 0 ? {
    unacknowledged = {
      metrics     = ["steward_incidents.unacknowledged"]
      threshold   = 0
      description = "Nobody has acknowledged an incident for as long as STEWARD_INCIDENTS_UNACKNOWLEDGED says (ten minutes by default): incident list says which."
    }
    edits = {
      metrics     = ["steward_slack_requests.refused.chat.update", "steward_slack_requests.failed.chat.update"]
      threshold   = 3
      description = "Slack does not take edits, so messages show incidents as they were: the log has Slack's reason."
    }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "incidents" {
  for_each = local.incident_alarms

  alarm_name          = "${local.name}-steward-${each.key}"
  alarm_description   = each.value.description
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "sum"
    expression  = "SUM(METRICS())"
    label       = each.key
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id = "m${metric_query.key}"

      metric {
        namespace   = "ECSSteward"
        metric_name = metric_query.value
        dimensions  = { Application = "ecs-steward" }
        period      = 300
        stat        = "Sum"
      }
    }
  }

  alarm_actions = var.alarm_actions

  tags = var.tags
}

# To the topic as well: messages still reach Slack by another way than clicks come from it.
resource "aws_cloudwatch_metric_alarm" "buttons" {
  count = var.create_dashboard && var.create_steward_alarms && var.slack_app_token_secret_arn != null ? 1 : 0

  alarm_name          = "${local.name}-steward-buttons"
  alarm_description   = "Buttons and /steward do not work in Slack: no replica has been connected to it for ten minutes. The log and the health check 'slack-socket' say why."
  namespace           = "ECSSteward"
  metric_name         = "steward_slack_socket_connected"
  dimensions          = { Application = "ecs-steward" }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 10
  datapoints_to_alarm = 10
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  # Where nothing runs, another alarm says so.
  treat_missing_data = "notBreaching"

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

# Steward itself, on Fargate. With create_service = false everything else is created, and the container runs elsewhere.

locals {
  service_cluster = try(split("/", var.service_cluster_arn)[1], "")

  # Empty values are left to Steward's defaults. A JUnit test compares the names with its settings.
  environment = merge(
    { for name, value in {
      STEWARD_EVENTS_QUEUE_URL          = local.events_queue_url
      STEWARD_EVENTS_CONSUMERS          = tostring(var.consumers)
      STEWARD_EVENTS_VISIBILITY_TIMEOUT = tostring(var.visibility_timeout)
      STEWARD_URGENT_QUEUE_URL          = try(aws_sqs_queue.this["urgent"].url, null)
      STEWARD_ALERTS_QUEUE_URL          = try(aws_sqs_queue.this["alerts"].url, null)
      STEWARD_DEAD_LETTER_QUEUE_URL     = local.dead_letter_queue_url
      STEWARD_CLAIMS                    = local.claims
      STEWARD_SLACK_CHANNEL             = var.slack_channel
      STEWARD_SLACK_CHANNELS            = join(", ", var.slack_channels)
      STEWARD_SLACK_OPERATORS           = join(",", var.slack_operators)
      STEWARD_SNS_TOPIC_ARN             = var.alerts_topic_arn
      STEWARD_ONE_PER_INSTANCE_SERVICES = join(", ", var.one_per_instance_services)
      STEWARD_MANAGEMENT_PORT           = tostring(var.management_port)
      STEWARD_METRICS_EMF               = var.create_dashboard ? "true" : null
      STEWARD_SERVICE_EVENTS_INFO       = var.service_events_info ? "true" : null
      STEWARD_HOSTS_DRAIN               = var.drain_hosts
      STEWARD_HOSTS_LIFECYCLE_HOOKS     = join(",", var.lifecycle_hooks)
      STEWARD_AGENT_DRAIN_AFTER         = var.agent_drain_after
      STEWARD_HOSTS_CLUSTERS            = local.drains ? join(",", [for arn in var.clusters : split("/", arn)[1]]) : null
      STEWARD_SPOT_POLICY               = var.spot_policy
      STEWARD_SPOT_POLICIES             = join(", ", var.spot_policies)
      STEWARD_SPOT_FAILOVER_AFTER       = var.spot_failover_after
      STEWARD_SPOT_CALM_TIME            = var.spot_calm_time
      # By default it sweeps if its policies say failover, but not if only tags do.
      STEWARD_SPOT_SWEEP          = var.spot_sweep != null ? var.spot_sweep : local.fails_over && !local.failover_in_policies ? "1h" : null
      STEWARD_DETAILS_LOGS        = var.detail_logs ? "true" : null
      STEWARD_DETAILS_GRAPHS      = var.detail_graphs ? "true" : null
      STEWARD_DETAILS_DEPLOYMENTS = var.detail_deployments ? "true" : null
      STEWARD_DRY_RUN             = var.dry_run ? "true" : null
      STEWARD_SHUTDOWN_TIMEOUT    = tostring(var.shutdown_timeout)
      STEWARD_LOG_LEVEL           = var.log_level
    } : name => value if value != null && value != "" },
    var.settings,
  )

  # The jar itself asks, because the image has neither curl nor a shell; it takes the port from the environment. ECS ignores the
  # image's HEALTHCHECK, so it is repeated here, and a JUnit test compares the two.
  health_check_command = var.health_check_command != null ? var.health_check_command : var.management_port == 0 ? [] : [
    "CMD", "java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
    "-XX:AOTCache=/app/ecs-steward.aot", "-jar", "/app/ecs-steward.jar", "health",
  ]

  container = {
    name      = "steward"
    image     = var.image
    essential = true
    # The image need not say so: it never runs as root.
    user                   = var.user
    readonlyRootFilesystem = true
    linuxParameters = {
      capabilities = { drop = ["ALL"] }
      # Steward writes no files, but a Java agent or custom routes may need a place for temporary ones. A volume would belong to root, and
      # the container's user could not write to it; anybody can write to a tmpfs, since 2026 on Fargate too.
      # https://github.com/aws/containers-roadmap/issues/736
      tmpfs = [{ containerPath = "/tmp", size = 64, mountOptions = ["nosuid", "nodev"] }]
    }
    # Events in flight get the shutdown timeout, and a little more.
    stopTimeout = var.shutdown_timeout + 5
    environment = [for name in sort(keys(local.environment)) : { name = name, value = local.environment[name] }]
    secrets     = [for name in sort(keys(local.secrets)) : { name = name, valueFrom = local.secrets[name] }]
    # For Prometheus, in your own security groups: the one created here lets nobody in.
    portMappings = var.management_port == 0 ? null : [{ name = "management", containerPort = var.management_port, hostPort = var.management_port, protocol = "tcp" }]
    # Whether it is ready, so that a deployment that cannot read its queues is rolled back. When a running task gets
    # unready, because SQS is down, ECS starts another before it stops one of the two, so one always keeps running.
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
    healthCheck = length(local.health_check_command) == 0 ? null : {
      command = local.health_check_command, interval = 30, timeout = 10, retries = 3, startPeriod = var.health_check_start_period
    }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = one(aws_cloudwatch_log_group.steward[*].name)
        "awslogs-region"        = local.region
        "awslogs-stream-prefix" = "steward"
        # Rather lose a log line than make Steward wait for its log.
        "mode"            = "non-blocking"
        "max-buffer-size" = "4m"
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "steward" {
  count = var.create_service ? 1 : 0

  name              = "/ecs/${local.name}"
  retention_in_days = var.log_retention_days

  tags = var.tags
}

resource "aws_ecs_task_definition" "steward" {
  count = var.create_service ? 1 : 0

  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  task_role_arn            = aws_iam_role.task[0].arn
  execution_role_arn       = aws_iam_role.execution[0].arn
  container_definitions    = jsonencode([{ for name, value in local.container : name => value if value != null }])

  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }

  tags = var.tags
}

resource "aws_ecs_service" "steward" {
  count = var.create_service ? 1 : 0

  name            = local.name
  cluster         = var.service_cluster_arn
  task_definition = aws_ecs_task_definition.steward[0].arn
  desired_count   = var.tasks_min
  launch_type     = var.spot ? null : "FARGATE"

  dynamic "capacity_provider_strategy" {
    for_each = var.spot ? ["FARGATE_SPOT"] : []

    content {
      capacity_provider = capacity_provider_strategy.value
      weight            = 1
    }
  }

  # Two at a time do no harm, so the new one comes before the old one goes.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = length(var.security_group_ids) > 0 ? var.security_group_ids : aws_security_group.steward[*].id
    assign_public_ip = var.assign_public_ip
  }

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  tags = var.tags

  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [aws_iam_role_policy_attachment.task, aws_iam_role_policy.execution]
}

# Without your own groups: no inbound traffic, and only HTTPS outbound, to AWS and Slack.
data "aws_subnet" "first" {
  count = var.create_service && length(var.security_group_ids) == 0 ? 1 : 0

  id = var.subnet_ids[0]
}

resource "aws_security_group" "steward" {
  count = var.create_service && length(var.security_group_ids) == 0 ? 1 : 0

  name        = local.name
  description = "ECS Steward: nothing in, HTTPS out"
  vpc_id      = data.aws_subnet.first[0].vpc_id

  tags = var.tags
}

resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = var.create_service && length(var.security_group_ids) == 0 ? { ipv4 = "0.0.0.0/0", ipv6 = "::/0" } : {}

  security_group_id = aws_security_group.steward[0].id
  description       = "HTTPS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.key == "ipv4" ? each.value : null
  cidr_ipv6         = each.key == "ipv6" ? each.value : null

  tags = var.tags
}

# More tasks when more events wait than the running tasks should have queued.
# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
resource "aws_appautoscaling_target" "steward" {
  count = var.create_service ? 1 : 0

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${local.service_cluster}/${aws_ecs_service.steward[0].name}"
  min_capacity       = var.tasks_min
  max_capacity       = var.tasks_max

  tags = var.tags
}

resource "aws_appautoscaling_policy" "backlog" {
  count = var.create_service ? 1 : 0

  name               = "${local.name}-backlog"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.steward[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.steward[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.steward[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.backlog_per_task
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    customized_metric_specification {
      metrics {
        id          = "backlog"
        label       = "Events that wait, a task"
        expression  = "waiting / FILL(tasks, 1)"
        return_data = true
      }

      metrics {
        id          = "waiting"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "AWS/SQS"
            metric_name = "ApproximateNumberOfMessagesVisible"

            dimensions {
              name  = "QueueName"
              value = local.queue_names.events
            }
          }
        }
      }

      metrics {
        id          = "tasks"
        return_data = false

        metric_stat {
          stat = local.running_tasks.stat

          metric {
            namespace   = local.running_tasks.namespace
            metric_name = local.running_tasks.metric_name

            dimensions {
              name  = "ClusterName"
              value = local.service_cluster
            }

            dimensions {
              name  = "ServiceName"
              value = aws_ecs_service.steward[0].name
            }
          }
        }
      }
    }
  }
}

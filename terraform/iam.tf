# Steward's permissions: exactly what its code calls; a JUnit test compares the two. ECS's own permissions to start
# the task are in execution.tf.

locals {
  cluster_arns = length(var.clusters) > 0 ? var.clusters : ["arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/*"]

  # Services and container instances have their cluster's name in their ARN, and the condition holds for those that do not.
  in_cluster_arns = {
    service            = [for arn in local.cluster_arns : "${replace(arn, ":cluster/", ":service/")}/*"]
    service_revision   = [for arn in local.cluster_arns : "${replace(arn, ":cluster/", ":service-revision/")}/*"]
    container_instance = [for arn in local.cluster_arns : "${replace(arn, ":cluster/", ":container-instance/")}/*"]
    task               = [for arn in local.cluster_arns : "${replace(arn, ":cluster/", ":task/")}/*"]
  }

  # Whether services may move to on-demand.
  fails_over           = var.spot_failover != null ? var.spot_failover : local.failover_in_policies
  failover_in_policies = var.spot_policy == "failover" || anytrue([for policy in var.spot_policies : endswith(policy, "=failover")])

  # Whether hosts may be drained.
  drains = var.drain_hosts != "none" || length(var.lifecycle_hooks) > 0 || var.agent_drain_after != null

  task_statements = concat(
    [
      {
        Sid      = "ReadQueues"
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
        Resource = values(local.queue_arns)
      },
      {
        Sid      = "LookAtQueues"
        Effect   = "Allow"
        Action   = ["sqs:GetQueueAttributes"]
        Resource = concat(values(local.queue_arns), [local.dead_letter_arns.events])
      },
      {
        # Follow-ups go to the events queue, failed messages to the dead letters, and alerts to Slack through their queue.
        Sid      = "SendToQueues"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = concat([for name, arn in local.queue_arns : arn if name != "urgent"], [local.dead_letter_arns.events])
      },
      {
        Sid      = "LookAtClusters"
        Effect   = "Allow"
        Action   = ["ecs:DescribeClusters", "ecs:ListContainerInstances"]
        Resource = local.cluster_arns
      },
      {
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
        Sid       = "LookAtServices"
        Effect    = "Allow"
        Action    = ["ecs:DescribeServices"]
        Resource  = local.in_cluster_arns.service
        Condition = { ArnLike = { "ecs:cluster" = local.cluster_arns } }
      },
      {
        Sid       = "LookAtContainerInstances"
        Effect    = "Allow"
        Action    = ["ecs:DescribeContainerInstances"]
        Resource  = local.in_cluster_arns.container_instance
        Condition = { ArnLike = { "ecs:cluster" = local.cluster_arns } }
      },
    ],
    # A dry run looks, and changes nothing.
    var.dry_run ? [] : [{
      Sid       = "UpdateServices"
      Effect    = "Allow"
      Action    = ["ecs:UpdateService"]
      Resource  = local.in_cluster_arns.service
      Condition = { ArnLike = { "ecs:cluster" = local.cluster_arns } }
    }],
    # To find the cluster of a host that is about to terminate, and services that were moved to on-demand and forgotten.
    local.fails_over || local.drains && length(var.clusters) == 0 ? [{
      # It can be limited to no resource.
      Sid      = "FindClusters"
      Effect   = "Allow"
      Action   = ["ecs:ListClusters"]
      Resource = ["*"]
    }] : [],
    # To move services to on-demand, and to know what they had before.
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
    !local.fails_over ? [] : [{
      # It can be limited to no resource, but to clusters.
      Sid       = "FindServices"
      Effect    = "Allow"
      Action    = ["ecs:ListServices"]
      Resource  = ["*"]
      Condition = { ArnLike = { "ecs:cluster" = local.cluster_arns } }
    }],
    !local.fails_over || var.dry_run ? [] : [{
      # Only this tag. ForAllValues also holds for a request that names none, hence Null.
      # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
      Sid      = "TagServices"
      Effect   = "Allow"
      Action   = ["ecs:TagResource", "ecs:UntagResource"]
      Resource = local.in_cluster_arns.service
      Condition = {
        "ForAllValues:StringEquals" = { "aws:TagKeys" = ["ecs-steward:failover"] }
        Null                        = { "aws:TagKeys" = "false" }
      }
    }],
    # To see what runs on a host, and to drain it.
    !local.drains ? [] : [{
      Sid      = "LookAtCapacityProviders"
      Effect   = "Allow"
      Action   = ["ecs:DescribeCapacityProviders"]
      Resource = ["arn:${local.partition}:ecs:${local.region}:${local.account}:capacity-provider/*"]
    }],
    !local.drains ? [] : [{
      Sid       = "LookAtTasksOnHosts"
      Effect    = "Allow"
      Action    = ["ecs:ListTasks", "ecs:DescribeTasks"]
      Resource  = concat(local.in_cluster_arns.container_instance, local.in_cluster_arns.task)
      Condition = { ArnLike = { "ecs:cluster" = local.cluster_arns } }
    }],
    !local.drains || var.dry_run ? [] : [{
      Sid       = "DrainHosts"
      Effect    = "Allow"
      Action    = ["ecs:UpdateContainerInstancesState"]
      Resource  = local.in_cluster_arns.container_instance
      Condition = { ArnLike = { "ecs:cluster" = local.cluster_arns } }
    }],
    # To let an instance go when its tasks have moved.
    length(var.lifecycle_hooks) == 0 ? [] : [{
      # It can be limited to no resource.
      Sid      = "LookAtLifecycleHooks"
      Effect   = "Allow"
      Action   = ["autoscaling:DescribeLifecycleHooks"]
      Resource = ["*"]
    }],
    length(var.lifecycle_hooks) == 0 || var.dry_run ? [] : [{
      Sid      = "CompleteLifecycleActions"
      Effect   = "Allow"
      Action   = ["autoscaling:RecordLifecycleActionHeartbeat", "autoscaling:CompleteLifecycleAction"]
      Resource = ["arn:${local.partition}:autoscaling:${local.region}:${local.account}:autoScalingGroup:*:autoScalingGroupName/*"]
    }],
    # To roll a service back when somebody presses the button, and to say what was deployed last.
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment-permissions.html
    var.slack_app_token_secret_arn == null && !var.detail_deployments ? [] : [{
      Sid      = "LookAtDeployments"
      Effect   = "Allow"
      Action   = ["ecs:ListServiceDeployments", "ecs:DescribeServiceRevisions"]
      Resource = concat(local.in_cluster_arns.service, local.in_cluster_arns.service_revision)
    }],
    var.slack_app_token_secret_arn == null && !var.detail_logs && !var.detail_deployments ? [] : [{
      # It can be limited to no resource.
      Sid      = "LookAtTaskDefinitions"
      Effect   = "Allow"
      Action   = ["ecs:DescribeTaskDefinition"]
      Resource = ["*"]
    }],
    # Replies in the threads of incidents.
    var.detail_logs ? [{
      Sid       = "LookAtStoppedTasks"
      Effect    = "Allow"
      Action    = ["ecs:DescribeTasks"]
      Resource  = local.in_cluster_arns.task
      Condition = { ArnLike = { "ecs:cluster" = local.cluster_arns } }
    }] : [],
    var.detail_logs ? [{
      # A task definition can name a group in another region.
      Sid      = "ReadTheirLogs"
      Effect   = "Allow"
      Action   = ["logs:GetLogEvents"]
      Resource = ["arn:${local.partition}:logs:*:${local.account}:log-group:*"]
    }] : [],
    var.detail_graphs ? [{
      # Neither is limited by anything that an alarm or a metric is called by.
      Sid      = "DrawAlarms"
      Effect   = "Allow"
      Action   = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricWidgetImage"]
      Resource = ["*"]
    }] : [],
    local.claims == "memory" ? [] : [{
      Sid      = "Claims"
      Effect   = "Allow"
      Action   = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive"]
      Resource = [local.claims_table_arn]
    }],
    var.alerts_topic_arn == null ? [] : [{
      Sid      = "TellTopic"
      Effect   = "Allow"
      Action   = ["sns:Publish"]
      Resource = [var.alerts_topic_arn]
    }],
    length(var.read_secret_arns) == 0 ? [] : [{
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = var.read_secret_arns
    }],
    length(var.read_secret_arns) == 0 || var.secrets_kms_key_arn == null ? [] : [{
      Sid       = "ReadSecretsKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [var.secrets_kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.${data.aws_partition.current.dns_suffix}" } }
    }],
    var.kms_key_arn == null ? [] : [{
      Sid       = "QueueKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = [var.kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = "sqs.${local.region}.${data.aws_partition.current.dns_suffix}" } }
    }],
  )

  # Only from ECS in this account, not on behalf of other accounts.
  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
  assumed_by_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.region}:${local.account}:*" }
      }
    }]
  })
}

# A separate policy, in case the container runs elsewhere: attach it to its role there.
resource "aws_iam_policy" "task" {
  name        = "${local.name}-task"
  description = "What ECS Steward may do."
  policy      = jsonencode({ Version = "2012-10-17", Statement = local.task_statements })

  tags = var.tags
}

resource "aws_iam_role" "task" {
  count = var.create_service ? 1 : 0

  name                 = "${local.name}-task"
  description          = "ECS Steward's own role."
  assume_role_policy   = local.assumed_by_tasks
  permissions_boundary = var.permissions_boundary_arn

  tags = var.tags
}

resource "aws_iam_role_policy_attachment" "task" {
  count = var.create_service ? 1 : 0

  role       = aws_iam_role.task[0].name
  policy_arn = aws_iam_policy.task.arn
}

# What ECS needs to start the task: the image, the secrets and the log.

locals {
  secrets = {
    for variable, arn in {
      STEWARD_SLACK_WEBHOOK_SECRET   = var.slack_webhook_secret_arn
      STEWARD_SLACK_WEBHOOKS_SECRET  = var.slack_webhooks_secret_arn
      STEWARD_SLACK_TOKEN_SECRET     = var.slack_token_secret_arn
      STEWARD_SLACK_APP_TOKEN_SECRET = var.slack_app_token_secret_arn
    } : variable => arn if arn != null
  }

  execution_statements = concat(
    [{
      Sid      = "Log"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [for arn in aws_cloudwatch_log_group.steward[*].arn : "${trimsuffix(arn, ":*")}:log-stream:*"]
    }],
    length(local.secrets) == 0 ? [] : [{
      Sid    = "Secrets"
      Effect = "Allow"
      Action = ["secretsmanager:GetSecretValue"]
      # Without the name of a JSON key, which may follow the ARN.
      Resource = [for arn in values(local.secrets) : join(":", slice(split(":", arn), 0, 7))]
    }],
    var.secrets_kms_key_arn == null ? [] : [{
      Sid       = "SecretsKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = [var.secrets_kms_key_arn]
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.${data.aws_partition.current.dns_suffix}" } }
    }],
    length(var.ecr_repository_arns) == 0 ? [] : [
      {
        Sid      = "Image"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
        Resource = var.ecr_repository_arns
      },
      {
        # The only star: AWS allows no resource here.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        Sid      = "RegistryLogin"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = ["*"]
      },
    ],
  )
}

resource "aws_iam_role" "execution" {
  count = var.create_service ? 1 : 0

  name                 = "${local.name}-execution"
  description          = "With this role ECS starts ECS Steward's tasks."
  assume_role_policy   = local.assumed_by_tasks
  permissions_boundary = var.permissions_boundary_arn

  tags = var.tags
}

resource "aws_iam_role_policy" "execution" {
  count = var.create_service ? 1 : 0

  name   = "start-tasks"
  role   = aws_iam_role.execution[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.execution_statements })
}

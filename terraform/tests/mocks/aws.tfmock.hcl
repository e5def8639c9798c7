# What AWS would have made up. Attributes that stand nowhere here get random values.

mock_data "aws_caller_identity" {
  defaults = {
    account_id = "111122223333"
  }
}

mock_data "aws_partition" {
  defaults = {
    partition  = "aws"
    dns_suffix = "amazonaws.com"
  }
}

mock_data "aws_region" {
  defaults = {
    id = "eu-west-1"
  }
}

override_resource {
  target = aws_sqs_queue.this["events"]
  values = {
    arn = "arn:aws:sqs:eu-west-1:111122223333:ecs-steward-events"
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-steward-events"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letters["events"]
  values = {
    arn = "arn:aws:sqs:eu-west-1:111122223333:ecs-steward-events-dead"
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-steward-events-dead"
  }
}

override_resource {
  target = aws_sqs_queue.this["urgent"]
  values = {
    arn = "arn:aws:sqs:eu-west-1:111122223333:ecs-steward-urgent"
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-steward-urgent"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letters["urgent"]
  values = {
    arn = "arn:aws:sqs:eu-west-1:111122223333:ecs-steward-urgent-dead"
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-steward-urgent-dead"
  }
}

override_resource {
  target = aws_sqs_queue.this["alerts"]
  values = {
    arn = "arn:aws:sqs:eu-west-1:111122223333:ecs-steward-alerts.fifo"
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-steward-alerts.fifo"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letters["alerts"]
  values = {
    arn = "arn:aws:sqs:eu-west-1:111122223333:ecs-steward-alerts-dead.fifo"
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/ecs-steward-alerts-dead.fifo"
  }
}

override_resource {
  target = aws_sns_topic.alarms
  values = {
    arn = "arn:aws:sns:eu-west-1:111122223333:ecs-steward-alarms"
  }
}

override_resource {
  target = aws_dynamodb_table.claims
  values = {
    arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/ecs-steward"
  }
}

override_resource {
  target = aws_iam_policy.task
  values = {
    arn = "arn:aws:iam::111122223333:policy/ecs-steward-task"
  }
}

override_resource {
  target = aws_iam_role.task
  values = {
    arn = "arn:aws:iam::111122223333:role/ecs-steward-task"
  }
}

override_resource {
  target = aws_iam_role.execution
  values = {
    arn = "arn:aws:iam::111122223333:role/ecs-steward-execution"
  }
}

override_resource {
  target = aws_cloudwatch_log_group.steward
  values = {
    arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/ecs-steward"
  }
}

override_resource {
  target = aws_ecs_task_definition.steward
  values = {
    arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/ecs-steward:1"
  }
}

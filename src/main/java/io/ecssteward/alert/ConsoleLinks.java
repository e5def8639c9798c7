package io.ecssteward.alert;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Links to the AWS console, in the event's Region and partition. Each method returns null if a required argument is
 * null; an alert leaves out such a link.
 *
 * @see <a href="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html">AWS
 *     partitions</a>
 */
public final class ConsoleLinks {
    private ConsoleLinks() {}

    /** The service's health and events. */
    public static String service(String region, String cluster, String service) {
        return region == null || cluster == null || service == null
                ? null
                : ecs(region, cluster, "/services/" + encode(service) + "/health");
    }

    /** One task's containers and why they stopped. */
    public static String task(String region, String cluster, String taskId) {
        return region == null || cluster == null || taskId == null
                ? null
                : ecs(region, cluster, "/tasks/" + encode(taskId) + "/configuration");
    }

    /** One container instance. */
    public static String containerInstance(String region, String cluster, String id) {
        return region == null || cluster == null || id == null
                ? null
                : ecs(region, cluster, "/infrastructure/container-instances/" + encode(id));
    }

    /** One EC2 instance. */
    public static String ec2Instance(String region, String id) {
        return region == null || id == null ? null : home(region, "ec2") + "#InstanceDetails:instanceId=" + encode(id);
    }

    /**
     * One CloudWatch alarm with its graph. The console uses {@code $} for its own escapes, and does not find an alarm
     * by {@code %25}.
     *
     * @see <a href="https://github.com/guardian/cdk/pull/2025">An alarm with a percent sign that was not found</a>
     * @see <a href="https://github.com/terraform-aws-modules/terraform-aws-notify-slack/issues/203">The console's own
     *     links</a>
     */
    public static String alarm(String region, String name) {
        return region == null || name == null
                ? null
                : home(region, "cloudwatch") + "#alarmsV2:alarm/"
                        + encode(name).replace("%25", "$25").replace("%24", "$24");
    }

    /** One GuardDuty finding. */
    public static String guardDutyFinding(String region, String id) {
        return region == null || id == null ? null : home(region, "guardduty") + "#/findings?search=id%3D" + encode(id);
    }

    /** One Security Hub finding. The console's router needs the search to be encoded twice. */
    public static String securityHubFinding(String region, String id) {
        return region == null || id == null
                ? null
                : home(region, "securityhub") + "#/findings?search=Id%3D%255Coperator%255C%253AEQUALS%255C%253A"
                        + encode(encode(id));
    }

    /** One control of Security Hub: {@code S3.1}. */
    public static String securityHubControl(String region, String id) {
        return region == null || id == null ? null : home(region, "securityhub") + "#/controls/" + encode(id);
    }

    /** One object in S3. */
    public static String s3Object(String region, String bucket, String key) {
        return region == null || bucket == null || key == null
                ? null
                : "https://" + host(region) + "/s3/object/" + encode(bucket) + "?region=" + encode(region) + "&prefix="
                        + encode(key);
    }

    /**
     * An event in the account's AWS Health Dashboard. This console has a separate host name.
     *
     * @see <a href="https://docs.aws.amazon.com/health/latest/ug/getting-started-health-dashboard.html">AWS Health
     *     Dashboard</a>
     */
    public static String health(String region, String eventArn) {
        if (region == null) {
            return null;
        }
        String base = region.startsWith("us-gov-")
                ? "https://phd.amazonaws-us-gov.com/phd/home"
                : region.startsWith("cn-")
                        ? "https://health.amazonaws.cn/health/home"
                        : "https://health.aws.amazon.com/health/home";
        return base + "#/account/dashboard/open-issues"
                + (eventArn == null ? "" : "?eventID=" + encode(eventArn) + "&eventTab=details");
    }

    /** The console pages of resources, by the service in their ARNs. */
    private static final Map<String, String> RESOURCES = Map.ofEntries(
            Map.entry("codepipeline", "codesuite/codepipeline/pipelines/{name}/view"),
            Map.entry("codebuild", "codesuite/codebuild/projects"),
            Map.entry("codedeploy", "codesuite/codedeploy/deployments"),
            Map.entry("codecommit", "codesuite/codecommit/repositories/{name}/browse"),
            Map.entry("states", "states/home#/v2/executions/details/{arn}"),
            Map.entry("batch", "batch/home#jobs"),
            Map.entry("lambda", "lambda/home#/functions/{name}"),
            Map.entry("glue", "gluestudio/home#/jobs"),
            Map.entry("ecr", "ecr/repositories"),
            Map.entry("rds", "rds/home#databases:"),
            Map.entry("backup", "backup/home#jobs"),
            Map.entry("cloudformation", "cloudformation/home#/stacks?filteringText={second}"),
            Map.entry("dynamodb", "dynamodbv2/home#table?name={name}"),
            Map.entry("kms", "kms/home#/kms/keys/{name}"),
            Map.entry("secretsmanager", "secretsmanager/listsecrets"),
            Map.entry("acm", "acm/home#/certificates/{name}"),
            Map.entry("ssm", "systems-manager/run-command"),
            Map.entry("autoscaling", "ec2/home#AutoScalingGroups:"),
            Map.entry("ec2", "ec2/home#Home:"));

    /**
     * The page of a resource by its ARN, or the list of such resources; null for an unknown service. A global resource
     * is opened in the given Region.
     */
    public static String resource(String region, String arn) {
        String[] parts = arn.split(":", 6);
        if (parts.length == 6 && parts[2].equals("ecs") && parts[5].matches("service/[^/]+/[^/]+")) {
            String[] names = parts[5].split("/");
            return service(parts[3], names[1], names[2]);
        }
        String page = parts.length < 6 ? null : RESOURCES.get(parts[2]);
        String where = page == null || parts[3].isEmpty() ? region : parts[3];
        if (page == null || where == null) {
            return null;
        }
        String name = parts[5].substring(Math.max(parts[5].lastIndexOf('/'), parts[5].lastIndexOf(':')) + 1);
        String shown = page.replace("{name}", encode(name))
                .replace("{second}", encode(parts[5].replaceAll("^[^/]*/|/.*$", "")))
                .replace("{arn}", encode(arn));
        int hash = shown.indexOf('#') < 0 ? shown.length() : shown.indexOf('#');
        return "https://" + host(where) + "/" + shown.substring(0, hash) + "?region=" + encode(where)
                + shown.substring(hash);
    }

    /** A console's start page in a Region: {@code home("eu-west-1", "guardduty")}. */
    public static String home(String region, String console) {
        return region == null ? null : "https://" + host(region) + "/" + console + "/home?region=" + encode(region);
    }

    private static String ecs(String region, String cluster, String rest) {
        return "https://" + host(region) + "/ecs/v2/clusters/" + encode(cluster) + rest + "?region=" + encode(region);
    }

    private static String host(String region) {
        if (region.startsWith("us-gov-")) {
            return "console.amazonaws-us-gov.com";
        }
        return region.startsWith("cn-") ? "console.amazonaws.cn" : "console.aws.amazon.com";
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

package io.ecssteward.event;

import java.util.Optional;

/**
 * An Amazon Resource Name: {@code arn:partition:service:region:account:resource}.
 *
 * @param text the whole of it
 * @param partition {@code aws}, {@code aws-cn}, {@code aws-us-gov}...
 * @param service {@code ecs}, {@code cloudwatch}...
 * @param region the region's code; empty for global resources
 * @param account twelve digits; may be empty
 * @param resource everything after the fifth colon: {@code service/prod/web}
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html">Identify AWS resources with
 *     ARNs</a>
 */
public record Arn(String text, String partition, String service, String region, String account, String resource) {

    /** Reads an ARN; empty if the text is null or not an ARN. */
    public static Optional<Arn> parse(String text) {
        if (text == null || !text.startsWith("arn:")) {
            return Optional.empty();
        }
        String[] parts = text.split(":", 6);
        return parts.length < 6
                ? Optional.empty()
                : Optional.of(new Arn(text, parts[1], parts[2], parts[3], parts[4], parts[5]));
    }

    /** The last name in the resource: {@code web} of {@code service/prod/web}; the whole ARN if it ends in a slash. */
    public String name() {
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        return name.isBlank() ? text : name;
    }

    /**
     * The cluster's name in an ECS ARN; empty for ARNs in the old format ({@code service/web}).
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids">Amazon
     *     Resource Names and IDs</a>
     */
    public Optional<String> cluster() {
        String[] parts = resource.split("/", -1);
        boolean named = parts.length >= 3 || parts.length == 2 && parts[0].equals("cluster");
        return named && !parts[1].isBlank() ? Optional.of(parts[1]) : Optional.empty();
    }

    /**
     * The name of the resource of this kind in an ECS ARN: {@code web} for the kind {@code service} in
     * {@code service/prod/web}, {@code service-deployment/prod/web/0EYS} and, in the old format, {@code service/web}.
     */
    public Optional<String> owner(String kind) {
        String[] parts = resource.split("/", -1);
        boolean old = parts.length == 2 && parts[0].equals(kind);
        boolean its = parts.length >= 3 && (parts[0].equals(kind) || parts[0].startsWith(kind + "-"));
        String name = old ? parts[1] : its ? parts[2] : "";
        return name.isBlank() ? Optional.empty() : Optional.of(name);
    }

    /** A cluster's or service's name from either its ARN or its plain name; null for null. */
    public static String nameOf(String arnOrName) {
        return parse(arnOrName).map(Arn::name).orElse(arnOrName);
    }
}

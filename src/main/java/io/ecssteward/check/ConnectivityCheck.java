package io.ecssteward.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ecssteward.claim.TableCheck;
import io.ecssteward.settings.Setting;
import io.ecssteward.settings.Settings;
import io.ecssteward.socket.SocketProblem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * {@code check --online}: calls AWS and Slack, and reports missing permissions and scopes. It only reads: it receives,
 * changes and posts nothing.
 */
public final class ConnectivityCheck {
    private ConnectivityCheck() {}

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** With fewer receives, a short outage moves valid events to the dead-letter queue. */
    private static final int MIN_RECEIVE_COUNT = 3;

    /**
     * The result of one check.
     *
     * @param asked what was checked, with its setting
     * @param well whether the check succeeded
     * @param said details, or the problem and its fix; may be empty
     */
    public record Answer(String asked, boolean well, String said) {
        @Override
        public String toString() {
            return (well ? "ok " : "problem: ") + asked + (said.isEmpty() ? "" : ": " + said);
        }
    }

    /**
     * Checks everything that the settings name.
     *
     * @param dynamo null if claims are kept in memory
     */
    public static List<Answer> ask(Settings settings, SqsClient sqs, DynamoDbClient dynamo, EcsClient ecs) {
        List<Answer> answers = new ArrayList<>();
        for (Setting<String> setting : Settings.QUEUES) {
            if (settings.has(setting)) {
                answers.add(queue(sqs, settings, setting));
            }
        }
        if (dynamo != null) {
            answers.add(table(dynamo, settings.claimsTable()));
        }
        answers.add(ecs(ecs));
        slack(settings, answers);
        return answers;
    }

    private static Answer problem(String asked, String said) {
        return new Answer(asked, false, said);
    }

    private static Answer queue(SqsClient sqs, Settings settings, Setting<String> setting) {
        String url = settings.get(setting);
        String asked = setting.variable() + " " + url;
        Map<QueueAttributeName, String> attributes;
        try {
            attributes = sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                    .attributes();
        } catch (QueueDoesNotExistException e) {
            return problem(
                    asked,
                    "this region has no such queue; set the URL of a queue that exists, and AWS_REGION to its region");
        } catch (AwsServiceException e) {
            return problem(asked, describe(e) + "; allow sqs:GetQueueAttributes on it");
        } catch (SdkException e) {
            return problem(asked, e.getMessage() + "; look at the network, AWS_REGION and AWS_ENDPOINT_URL");
        }
        String waiting =
                attributes.getOrDefault(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "?") + " messages wait";
        if (setting.equals(Settings.DEAD_LETTERS)) {
            return new Answer(asked, true, waiting);
        }
        String redrive = attributes.get(QueueAttributeName.REDRIVE_POLICY);
        if (redrive == null) {
            return problem(
                    asked,
                    "it has no redrive policy, so a message that keeps failing comes back until it is too old; "
                            + "give it one with a maxReceiveCount of 5 or more");
        }
        int receives = receives(redrive);
        if (receives < MIN_RECEIVE_COUNT) {
            return problem(
                    asked,
                    "its redrive policy gives up after " + receives + " receives; set a maxReceiveCount of 5 or more");
        }
        int visibility = settings.get(Settings.VISIBILITY_TIMEOUT);
        String hidden = attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT);
        return new Answer(
                asked,
                true,
                waiting + ", dead after " + receives + " receives"
                        + (hidden == null || hidden.equals(Integer.toString(visibility))
                                ? ""
                                : "; Steward hides a message for " + visibility + " seconds, whatever the queue's own "
                                        + hidden));
    }

    private static int receives(String redrive) {
        try {
            return new ObjectMapper().readTree(redrive).path("maxReceiveCount").asInt(MIN_RECEIVE_COUNT);
        } catch (IOException e) {
            return MIN_RECEIVE_COUNT;
        }
    }

    private static Answer table(DynamoDbClient dynamo, String table) {
        TableCheck check = TableCheck.of(dynamo, table);
        String asked = "STEWARD_CLAIMS dynamodb:" + table;
        if (check.problem() != null) {
            return problem(asked, check.problem());
        }
        // If SQS does not answer, the command "run" starts anyway, since the events wait; this check must report it.
        return new Answer(asked, check.answered(), String.join("; ", check.warnings()));
    }

    /** Uses any cluster, since it only checks the permission. */
    private static Answer ecs(EcsClient ecs) {
        String asked = "ECS DescribeClusters";
        try {
            ecs.describeClusters(r -> r.clusters("default"));
            return new Answer(asked, true, "");
        } catch (AwsServiceException e) {
            return problem(asked, describe(e) + "; give the task role the policy of the terraform module");
        } catch (SdkException e) {
            return problem(asked, e.getMessage() + "; look at the credentials, the network and AWS_REGION");
        }
    }

    private static String describe(AwsServiceException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorMessage() == null
                ? e.getMessage()
                : e.awsErrorDetails().errorMessage();
    }

    private static void slack(Settings settings, List<Answer> answers) {
        if (settings.has(Settings.TOKEN)) {
            answers.add(bot(settings));
        } else if (settings.has(Settings.WEBHOOK) || settings.has(Settings.WEBHOOKS)) {
            answers.add(new Answer(
                    "Slack",
                    true,
                    "a webhook cannot be tested without posting; to test it, run replay --send with a sample"));
        }
        if (settings.has(Settings.APP_TOKEN)) {
            answers.add(socketMode(settings));
        }
    }

    /**
     * The token's scopes, from a header of every answer of Slack, and what does not work without the missing ones.
     *
     * @see <a href="https://docs.slack.dev/legacy/legacy-authentication/legacy-oauth-scopes">Slack: working with
     *     scopes</a>
     */
    private static String scopes(String header) {
        Set<String> scopes = Set.of(header.strip().split("\\s*,\\s*"));
        List<String> missing = Stream.of("channels:history", "groups:history")
                .filter(scope -> !scopes.contains(scope))
                .toList();
        return "; it has the scopes " + header.strip().replaceAll("\\s*,\\s*", ", ")
                + (missing.isEmpty()
                        ? ""
                        : "; without " + String.join(" (public channels) and ", missing)
                                + (missing.contains("groups:history") ? " (private channels)" : " (public channels)")
                                + ", an incident may be posted twice if a process is killed while posting");
    }

    /** @see <a href="https://docs.slack.dev/reference/methods/auth.test">Slack: auth.test</a> */
    private static Answer bot(Settings settings) {
        return ask(
                settings,
                "auth.test",
                settings.get(Settings.TOKEN),
                (said, answer) -> "the bot " + said.path("user").asText("?") + " in "
                        + said.path("team").asText("?")
                        + "; invite it to each channel, which cannot be checked without posting"
                        + answer.headers()
                                .firstValue("x-oauth-scopes")
                                .map(ConnectivityCheck::scopes)
                                .orElse(""),
                error -> "Slack says " + error
                        + "; set STEWARD_SLACK_TOKEN_SECRET to the bot token of the app, with chat:write");
    }

    /**
     * The URL in Slack's answer is not used, and expires.
     *
     * @see <a href="https://docs.slack.dev/reference/methods/apps.connections.open/">Slack: apps.connections.open</a>
     */
    private static Answer socketMode(Settings settings) {
        return ask(
                settings,
                "apps.connections.open",
                settings.get(Settings.APP_TOKEN),
                (said, answer) -> "Slack offers a connection for buttons and /steward",
                error -> SocketProblem.refused(error).text());
    }

    private static Answer ask(
            Settings settings,
            String method,
            String token,
            BiFunction<JsonNode, HttpResponse<String>, String> well,
            UnaryOperator<String> refused) {
        String asked = "Slack " + method;
        String base = settings.get(Settings.API).replaceFirst("/+$", "").replaceFirst("/api$", "");
        try {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(base + "/api/" + method))
                                    .timeout(TIMEOUT)
                                    .header("Authorization", "Bearer " + token)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                return problem(
                        asked,
                        "Slack answered " + answer.statusCode()
                                + "; look at STEWARD_SLACK_API_URL, or try again later");
            }
            JsonNode said = new ObjectMapper().readTree(answer.body());
            return said.path("ok").asBoolean()
                    ? new Answer(asked, true, well.apply(said, answer))
                    : problem(asked, refused.apply(said.path("error").asText("no")));
        } catch (IOException | IllegalArgumentException e) {
            // An IllegalArgumentException's message can contain the token.
            return problem(
                    asked,
                    (e instanceof IOException
                                    ? "no answer: "
                                            + (e.getMessage() == null
                                                    ? e.getClass().getSimpleName()
                                                    : e.getMessage())
                                    : "the token or the URL has invalid characters")
                            + "; look at the network and STEWARD_SLACK_API_URL");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return problem(asked, "interrupted; try again");
        }
    }
}

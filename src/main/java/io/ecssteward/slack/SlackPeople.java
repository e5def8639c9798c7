package io.ecssteward.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.limits.SlackLimits;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.CamelContext;

/** Answers one person in Slack, and reads the members of user groups. */
public final class SlackPeople {

    private final PacedSlackComponent component;

    private SlackPeople(PacedSlackComponent component) {
        this.component = component;
    }

    /** Uses the token and the server of this context's {@code slack:} component. */
    public static SlackPeople of(CamelContext camel) {
        return new SlackPeople(camel.getComponent("slack", PacedSlackComponent.class));
    }

    /** Whether this is a dry run, in which Slack is not called. */
    public boolean dryRun() {
        return component.isDryRun();
    }

    /**
     * Answers a click or a command. Slack accepts an answer {@value SlackLimits#RESPONSE_URL_USES} times within
     * {@link SlackLimits#RESPONSE_URL_AGE}.
     *
     * @param responseUrl as Slack sent it; null if it sent none
     * @return done when Slack accepted it; otherwise failed with a {@link TransientFailureException}
     * @see <a href="https://docs.slack.dev/interactivity/handling-user-interaction#message_responses">Message
     *     responses</a>
     */
    public CompletionStage<Void> respond(String responseUrl, ObjectNode message) {
        try {
            return isSlacks(responseUrl)
                    ? component.chat().respond(SlackTarget.webhook("", responseUrl), message)
                    : CompletableFuture.failedFuture(
                            new TransientFailureException("answering in Slack: there is no address to answer to"));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new TransientFailureException(e.getMessage()));
        }
    }

    /** A sender to the queue must not be able to make Steward call any other server. */
    private boolean isSlacks(String url) {
        if (url == null) {
            return false;
        }
        URI uri = URI.create(url);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        URI server = URI.create(component.getServerUrl());
        return "https".equals(uri.getScheme()) && (host.endsWith(".slack.com") || host.endsWith(".slack-gov.com"))
                || host.equals(server.getHost()) && uri.getPort() == server.getPort();
    }

    /**
     * The members of a user group. Needs the scope {@code usergroups:read}.
     *
     * @param group its id: {@code S0604QSJC}
     * @return their user ids; failed with Slack's error code if it refuses
     * @see <a href="https://docs.slack.dev/reference/methods/usergroups.users.list">usergroups.users.list</a>
     */
    public CompletionStage<Set<String>> members(String group) {
        return component.isDryRun()
                ? CompletableFuture.failedFuture(
                        new TransientFailureException("asking Slack who is in " + group + ": not in a dry run"))
                : component.chat().members(group);
    }
}

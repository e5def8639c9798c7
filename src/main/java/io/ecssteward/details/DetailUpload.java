package io.ecssteward.details;

import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.slack.PacedSlackComponent;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Shares an image in the thread of an incident. The file's id is stored in the incident before the file is shared.
 * After a crash, it can then be shared if it was not; it is never shared twice, because Slack completes an upload only
 * once.
 */
final class DetailUpload {

    private static final char FILE = '#';

    private final DetailComponent component;
    private final DetailRequest asked;

    DetailUpload(DetailComponent component, DetailRequest asked) {
        this.component = component;
        this.asked = asked;
    }

    /**
     * Uploads and shares the image.
     *
     * @return the same result, or why Slack does not show it
     * @throws io.ecssteward.failure.TransientFailureException if a later retry may help
     */
    DetailResult of(DetailResult image) {
        PacedSlackComponent slack = component.slack();
        Incident incident = component.incidents().byId(asked.incident()).orElse(null);
        if (incident == null || incident.shown().ts() == null) {
            return DetailResult.nothing("There is no message to post the graph below.");
        }
        if (slack.isDryRun()) {
            return image;
        }
        String begun = incident.applied().stream()
                .filter(identity -> identity.startsWith(asked.identity() + FILE))
                .map(identity -> identity.substring(identity.lastIndexOf(FILE) + 1))
                .findFirst()
                .orElse(null);
        try {
            String file = begun == null ? done(slack.upload("graph.png", image.text(), image.image())) : begun;
            noted(asked.identity() + FILE + file);
            done(slack.share(
                    file,
                    image.text(),
                    incident.shown().channel(),
                    incident.shown().ts()));
        } catch (PermanentFailureException e) {
            if (begun == null) {
                return DetailResult.unavailable("There is no graph to show: " + e.getMessage() + ".");
            }
            // It was shared before.
        }
        noted(asked.identity());
        return image;
    }

    private void noted(String identity) {
        component.incidents().change(asked.incident(), incident -> incident.noted(identity, component.now()), null);
    }

    private static <T> T done(CompletionStage<T> call) {
        try {
            return call.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}

package io.ecssteward.slack;

import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.limits.SlackLimits;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;

/**
 * Uploads files with a bot token that has the scope {@code files:write}: Slack names an upload URL, receives the bytes
 * there, and shares the file when asked, once.
 *
 * @see <a href="https://docs.slack.dev/reference/methods/files.getUploadURLExternal">files.getUploadURLExternal</a>
 * @see <a href="https://docs.slack.dev/reference/methods/files.completeUploadExternal">files.completeUploadExternal</a>
 */
final class SlackFiles {

    private static final int OK = 200;

    private static final int REFUSED = 400;

    private static final int BROKEN = 500;

    private final SlackChat chat;

    SlackFiles(SlackChat chat) {
        this.chat = chat;
    }

    /** Uploads a file, and returns its id. The file is invisible until it is shared. */
    CompletableFuture<String> upload(String name, String description, byte[] bytes) {
        String arguments = "filename=" + SlackTarget.encoded(name) + "&length=" + bytes.length + "&alt_txt="
                + SlackTarget.encoded(Mrkdwn.plain(description, SlackLimits.HEADER));
        return chat.ask("uploading a file to Slack: ", "files.getUploadURLExternal", arguments)
                .thenCompose(place -> sent(URI.create(place.path("upload_url").asText()), bytes)
                        .thenApply(sent -> place.path("file_id").asText()));
    }

    private CompletableFuture<Void> sent(URI uri, byte[] bytes) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build();
        return chat.send(request).handle((response, failure) -> {
            int status = failure == null ? response.statusCode() : BROKEN;
            if (status >= REFUSED && status < BROKEN) {
                throw new PermanentFailureException("uploading a file to Slack: HTTP " + status);
            }
            if (status != OK) {
                throw new TransientFailureException("uploading a file to Slack: no success");
            }
            return null;
        });
    }

    /** Shows the file as a reply to a message, by the channel's id. */
    CompletableFuture<Void> share(String file, String title, String channel, String thread) {
        String files = SlackMessage.JSON
                .arrayNode()
                .add(SlackMessage.JSON
                        .objectNode()
                        .put("id", file)
                        .put("title", Mrkdwn.plain(title, SlackLimits.HEADER)))
                .toString();
        String arguments = "files=" + SlackTarget.encoded(files) + "&channel_id=" + channel + "&thread_ts=" + thread;
        return chat.ask("sharing a file in Slack: ", "files.completeUploadExternal", arguments)
                .thenApply(shared -> null);
    }
}

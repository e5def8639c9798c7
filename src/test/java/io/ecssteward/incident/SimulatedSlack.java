package io.ecssteward.incident;

import java.util.ArrayList;
import java.util.List;

/** Slack as somebody in the channel sees it: messages that are edited, and replies. */
final class SimulatedSlack {

    /** Everything that was ever posted. */
    final List<Post> posts = new ArrayList<>();

    private int posted;

    /** A message, or a reply. */
    static final class Post {
        final String ts;
        final String incident;
        final String thread;
        final int attempt;
        final List<StoryLine> lines;
        final boolean broadcast;
        final boolean digest;
        Incident as;
        boolean deleted;

        private Post(
                String ts,
                Incident as,
                String thread,
                int attempt,
                List<StoryLine> lines,
                boolean broadcast,
                boolean digest) {
            this.ts = ts;
            this.incident = as.id();
            this.as = as;
            this.thread = thread;
            this.attempt = attempt;
            this.lines = lines;
            this.broadcast = broadcast;
            this.digest = digest;
        }

        boolean message() {
            return thread == null && !digest && !deleted;
        }
    }

    /** Does what a step says, as Slack does. */
    Step.Posted perform(Step step, boolean digest) {
        if (step instanceof Step.NewMessage message) {
            Post post =
                    new Post("1." + ++posted, step.incident(), null, message.attempt(), message.lines(), false, digest);
            posts.add(post);
            return new Step.Posted(digest ? null : "C1", digest ? null : post.ts);
        }
        Post message = message(step.incident().shown().ts());
        if (message.deleted) {
            throw new MessageGoneException("message_not_found");
        }
        if (step instanceof Step.Reply reply) {
            posts.add(new Post(
                    "1." + ++posted,
                    step.incident(),
                    message.ts,
                    reply.attempt(),
                    reply.lines(),
                    reply.broadcast(),
                    false));
            return new Step.Posted("C1", posts.get(posts.size() - 1).ts);
        }
        message.as = step.incident();
        return new Step.Posted("C1", message.ts);
    }

    Post message(String ts) {
        return posts.stream().filter(post -> post.ts.equals(ts)).findFirst().orElseThrow();
    }

    /** The message or reply with the metadata of what an incident attempted; null when there is none. */
    Step.Posted find(Incident incident) {
        Shown.Attempt attempt = incident.shown().attempt();
        return posts.stream()
                .filter(post -> post.incident.equals(incident.id())
                        && post.attempt == attempt.number()
                        && !post.deleted
                        && !post.digest
                        && (post.thread != null) == attempt.reply())
                .map(post -> new Step.Posted("C1", post.ts))
                .findFirst()
                .orElse(null);
    }
}

package io.ecssteward.interactivity;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Answers a person's click or command with its result, in a route that begins at {@link SlackActionEndpoint
 * slack-action:}.
 *
 * <pre>
 * - to: slack-answer:confirm?text=The nightly job runs again, and charges nobody twice.
 * - to: https://jobs.example.com/nightly
 * - to: slack-answer:acted?text=the nightly job runs again
 * </pre>
 *
 * <p>If the last {@code ecs-service:} step changed nothing, {@code confirm} and {@code acted} show the reason to that
 * person only, and end the route. If Slack does not accept an answer, the route does not fail, because the action was
 * performed.
 */
@UriEndpoint(
        firstVersion = "0.2.0",
        scheme = "slack-answer",
        title = "Slack Answer",
        syntax = "slack-answer:kind",
        producerOnly = true,
        category = {Category.CHAT})
public class SlackAnswerEndpoint extends DefaultEndpoint {

    @UriPath(description = "Who sees it, and whether the route continues")
    @Metadata(required = true)
    final AnswerKind kind;

    @UriParam(description = "What it says, as text with simple expressions; nothing by default")
    String text = "";

    @UriParam(
            description = "confirm: what comes back as ${body.field('detail.expect')} when the person agrees, "
                    + "as text or simple expression")
    String expect = "";

    @UriParam(description = "acted: a button below the answer, the name of another slack-action:")
    String button = "";

    @UriParam(description = "acted: the text that the button gives its action, as text or simple expression")
    String choice = "";

    SlackAnswerEndpoint(String uri, SlackAnswerComponent component, AnswerKind kind) {
        super(uri, component);
        this.kind = kind;
    }

    @Override
    public Producer createProducer() {
        return new SlackAnswerProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("slack-answer: cannot be read from");
    }

    /** The text of the answer. */
    public void setText(String text) {
        this.text = text;
    }

    /** The state that a confirmation returns, so that the route can check whether it still holds. */
    public void setExpect(String expect) {
        this.expect = expect;
    }

    /** The name of the action whose button the answer has, as in the URI of its route. */
    public void setButton(String button) {
        this.button = button;
    }

    /** The text that the button's action gets. */
    public void setChoice(String choice) {
        this.choice = choice;
    }
}

package io.ecssteward.interactivity;

import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.event.SlackAction;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.slack.ActionButton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the answer. */
class SlackAnswerProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(SlackAnswerProducer.class);

    private final SlackAnswerEndpoint endpoint;
    private Expression text;
    private Expression expect;
    private Expression choice;
    private Answers answers;

    SlackAnswerProducer(SlackAnswerEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        text = simple(endpoint.text);
        expect = simple(endpoint.expect);
        choice = simple(endpoint.choice);
        answers = new Answers(endpoint.getCamelContext());
    }

    private Expression simple(String written) {
        Expression expression =
                endpoint.getCamelContext().resolveLanguage("simple").createExpression(written);
        expression.init(endpoint.getCamelContext());
        return expression;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (!(exchange.getMessage().getBody() instanceof SlackAction action)) {
            exchange.setException(new PermanentFailureException("slack-answer:" + endpoint.kind
                    + ": the body is not a Slack action; answer before you change the body"));
            callback.done(true);
            return true;
        }
        said(exchange, action).whenComplete((said, failure) -> {
            if (failure != null) {
                LOG.warn("answering {} failed: {}", action.userName(), failure.getMessage());
            }
            callback.done(false);
        });
        return false;
    }

    private CompletionStage<Void> said(Exchange exchange, SlackAction action) {
        try {
            String says = evaluate(text, exchange);
            String skipped = endpoint.kind == AnswerKind.ONLY_YOU ? null : ActionGuard.skipped(exchange);
            if (skipped != null) {
                outcome(exchange, skipped);
                exchange.setRouteStop(true);
                String why = exchange.getMessage().getHeader(EcsServiceEndpoint.DETAIL, String.class);
                return answers.onlyYou(
                        exchange, action, why == null || why.isEmpty() ? "Nothing was done: " + skipped + "." : why);
            }
            switch (endpoint.kind) {
                case CONFIRM -> {
                    if (action.confirmed()) {
                        return CompletableFuture.completedFuture(null);
                    }
                    outcome(exchange, "asked");
                    exchange.setRouteStop(true);
                    return answers.confirm(exchange, action, button(action.action()), says, evaluate(expect, exchange));
                }
                case ACTED -> {
                    outcome(exchange, "acted");
                    return endpoint.button.isEmpty()
                            ? answers.everyone(exchange, action, says)
                            : answers.everyone(
                                    exchange, action, says, button(endpoint.button), evaluate(choice, exchange));
                }
                default -> {
                    outcome(exchange, "answered");
                    return answers.onlyYou(exchange, action, says);
                }
            }
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ActionButton button(String name) {
        return endpoint.getCamelContext()
                .getComponent("slack-action", SlackActionComponent.class)
                .button(name);
    }

    private static void outcome(Exchange exchange, String outcome) {
        exchange.setProperty(ActionGuard.OUTCOME, outcome);
    }

    private static String evaluate(Expression expression, Exchange exchange) {
        String value = expression.evaluate(exchange, String.class);
        return value == null ? "" : value;
    }
}

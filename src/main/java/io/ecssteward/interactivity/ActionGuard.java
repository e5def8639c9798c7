package io.ecssteward.interactivity;

import io.ecssteward.claim.ClaimHeldException;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.claim.DocumentStore;
import io.ecssteward.ecs.EcsServiceEndpoint;
import io.ecssteward.event.SlackAction;
import io.ecssteward.failure.Failures;
import io.ecssteward.failure.PermanentFailureException;
import io.ecssteward.failure.TransientFailureException;
import io.ecssteward.incident.Incident;
import io.ecssteward.limits.SlackLimits;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.outcome.SkipReason;
import io.ecssteward.slack.ActionBlocks;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.AsyncProcessorConverterHelper;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards each route for clicks and commands: refuses people without permission, clicks on a resolved incident, and
 * clicks that are too old. If a route fails, the person gets an answer. The event is neither dead-lettered nor retried
 * later, when the person no longer expects the action.
 */
final class ActionGuard extends AsyncProcessorSupport {

    /** The exchange property with the result, for the audit log. */
    static final String OUTCOME = "StewardActionOutcome";

    /** Our own limit: after this time the person has probably found another way, and a change would be a surprise. */
    private static final Duration MAX_CLICK_AGE = Duration.ofMinutes(15);

    /** Longer than {@link SlackLimits#RESPONSE_URL_AGE}, so no answer is possible later. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(ActionGuard.class);

    private final SlackActionEndpoint endpoint;
    private final AsyncProcessor route;
    private Answers answers;
    private ActionAudit audit;

    ActionGuard(SlackActionEndpoint endpoint, Processor route) {
        this.endpoint = endpoint;
        this.route = AsyncProcessorConverterHelper.convert(route);
    }

    @Override
    protected void doStart() {
        answers = new Answers(endpoint.getCamelContext());
        audit = new ActionAudit(endpoint.getCamelContext());
        ServiceHelper.startService(route);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(route);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture.completedFuture(exchange.getMessage().getBody(SlackAction.class))
                .thenApply(this::withSubject)
                .thenCompose(action -> {
                    exchange.getMessage().setBody(action);
                    return refusal(action)
                            .thenCompose(refused -> refused == null
                                    ? acted(exchange, action)
                                    : skipped(exchange, action, refused.reason(), refused.text()))
                            .thenAccept(outcome -> audit.over(endpoint, action, outcome));
                })
                .whenComplete((over, failure) -> {
                    if (failure != null) {
                        exchange.setException(cause(failure));
                    }
                    callback.done(false);
                });
        return false;
    }

    /** A menu may be too short for long names; then the subject is taken from the incident. */
    private SlackAction withSubject(SlackAction action) {
        return action.incident() == null || action.about() != null
                ? action
                : answers.incidents()
                        .byId(action.incident())
                        .map(incident -> action.about(incident.about()))
                        .orElse(action);
    }

    private record Refusal(SkipReason reason, String text) {}

    private CompletionStage<Refusal> refusal(SlackAction action) {
        try {
            if (!endpoint.forOperators()) {
                return CompletableFuture.completedFuture(outdated(action));
            }
            return endpoint.actions().operators().refusal(action.user()).thenApply(why -> {
                if (why != null) {
                    return new Refusal(SkipReason.NOT_ALLOWED, why);
                }
                if (action.time() != null && action.time().plus(MAX_CLICK_AGE).isBefore(answers.now())) {
                    return new Refusal(
                            SkipReason.TOO_LATE,
                            "You asked for that more than " + MAX_CLICK_AGE.toMinutes()
                                    + " minutes ago, so it was not done. Ask again if you still want it.");
                }
                return outdated(action);
            });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Refusal outdated(SlackAction action) {
        Refusal over = over(action);
        return over == null ? decided(action) : over;
    }

    /**
     * The refusal of a second, different click on a confirmation, such as canceling what was confirmed; null for the
     * first click. A duplicate of the first click is not refused: SQS delivers it again if it was not handled.
     */
    private Refusal decided(SlackAction action) {
        if (!action.confirmed()) {
            return null;
        }
        ClaimStore store = endpoint.getCamelContext().getRegistry().findSingleByType(ClaimStore.class);
        String key = "confirmation/" + action.identity().replace("/" + action.action() + "/", "/");
        DocumentStore.Document before = store.read(key);
        if (before.text() == null) {
            if (store.write(key, action.action(), before.version(), REMEMBERED)) {
                return null;
            }
            before = store.read(key);
        }
        return action.action().equals(before.text())
                ? null
                : new Refusal(
                        SkipReason.DUPLICATE,
                        ActionBlocks.CANCEL.equals(before.text())
                                ? "You canceled this already. Nothing was changed."
                                : "It was already confirmed, and can no longer be canceled.");
    }

    /** The refusal if the incident is resolved; null otherwise. */
    private Refusal over(SlackAction action) {
        if (action.incident() == null) {
            return null;
        }
        Optional<Incident> known = answers.incidents().byId(action.incident());
        if (known.filter(Answers::isOpen).isPresent()) {
            return null;
        }
        String about = known.map(Incident::about).orElse(action.about());
        String next = about == null
                ? ""
                : answers.incidents().open().stream()
                        .filter(Answers::isOpen)
                        .filter(incident -> incident.about().equals(about))
                        .findFirst()
                        .map(incident -> " " + incident.id() + " is open about the same.")
                        .orElse("");
        String command = endpoint.typed() && action.service() != null && !endpoint.usage.isEmpty()
                ? " To do it anyway, type /steward " + endpoint.getName() + " " + action.cluster() + "/"
                        + action.service() + (action.text().isEmpty() ? "" : " " + action.text()) + "."
                : "";
        return new Refusal(
                SkipReason.NO_INCIDENT,
                action.incident() + (known.isPresent() ? " is over" : " is not known any more")
                        + ", so nothing was done." + next + command);
    }

    private CompletionStage<String> skipped(Exchange exchange, SlackAction action, SkipReason reason, String text) {
        EventOutcome.of(exchange).skipped(reason, endpoint.address());
        return answers.onlyYou(exchange, action, text).thenApply(said -> reason.word());
    }

    /** Begins the route. */
    private CompletionStage<String> acted(Exchange exchange, SlackAction action) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        route.process(exchange, doneSync -> over.complete(null));
        return over.thenCompose(done -> {
            Exception failure = exchange.getException();
            if (failure == null) {
                exchange.setRouteStop(false);
                return CompletableFuture.completedFuture(exchange.getProperty(OUTCOME, "answered", String.class));
            }
            if (failure instanceof ClaimHeldException
                    || !endpoint.getCamelContext().isStarted()) {
                return CompletableFuture.failedFuture(failure);
            }
            forget(exchange, action);
            return failed(exchange, action, failure);
        });
    }

    private CompletionStage<String> failed(Exchange exchange, SlackAction action, Exception failure) {
        String what = endpoint.button().label().toLowerCase(Locale.ROOT);
        if (failure instanceof RefusedException) {
            return answers.onlyYou(exchange, action, failure.getMessage()).thenApply(said -> "refused");
        }
        boolean again = failure instanceof TransientFailureException;
        if (!again && !(failure instanceof PermanentFailureException)) {
            LOG.warn("{}: {}", endpoint.address(), failure.toString(), failure);
        }
        boolean typed = action.incident() == null;
        String text = what + " did not work: "
                + Answers.sentence(failure.getMessage() == null ? failure.toString() : failure.getMessage())
                + (again ? " It was tried several times; " + (typed ? "type" : "press") + " it again later." : "");
        // Only the person sees the answer to a typing error. After a confirmation, everyone sees it: the action may
        // have been partly performed.
        return CompletableFuture.<Void>completedFuture(null)
                .thenCompose(start -> typed && !action.confirmed()
                        ? answers.onlyYou(exchange, action, text)
                        : answers.everyone(exchange, action, text))
                .thenApply(said -> "failed");
    }

    /** Clears the failure: the person gets an answer, and can retry. */
    private static void forget(Exchange exchange, SlackAction action) {
        exchange.setException(null);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
        exchange.setRollbackOnly(false);
        exchange.setRouteStop(false);
        exchange.getMessage().setBody(action);
    }

    private static Exception cause(Throwable failure) {
        Throwable cause = Failures.unwrapped(failure);
        return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
    }

    /** Why an ECS step skipped its action, from its header; null if it performed it, or if there was no such step. */
    static String skipped(Exchange exchange) {
        String outcome = exchange.getMessage().getHeader(EcsServiceEndpoint.OUTCOME, String.class);
        return outcome == null || Set.of(EcsServiceEndpoint.UPDATED, "planned").contains(outcome) ? null : outcome;
    }
}

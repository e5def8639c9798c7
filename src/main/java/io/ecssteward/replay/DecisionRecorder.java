package io.ecssteward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.dispatch.EventComponent;
import io.ecssteward.ecs.EcsServiceComponent;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.pattern.EventPatternLanguage;
import io.ecssteward.pattern.Mismatch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.IdempotentConsumerDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Records the decisions of a {@link ReplaySession}: which patterns each event was matched against in the routes, and
 * which claims were attempted. It reads Camel's model of the routes, so custom routes are included.
 *
 * <p>It expects one message at a time, as a replay session does; the routes may use several threads.
 */
public final class DecisionRecorder {

    private static final String LANGUAGE = "event-pattern";

    private final EventReader reader = new EventReader();
    private final Map<EventOutcome, Trace> traces = new IdentityHashMap<>();
    private CamelContext camel;

    /** The event for which this thread makes a claim: the claim store does not get the event. */
    private final ThreadLocal<Claiming> claiming = new ThreadLocal<>();

    /**
     * The decisions and claims about one event.
     *
     * @param decisions in the order in which they were taken
     * @param claims in the order in which they were made
     */
    public record Trace(List<Decision> decisions, List<Claim> claims) {}

    /**
     * A place where patterns decide where an event goes: the dispatch to routes, with the pattern of each, or a
     * {@code choice} or {@code filter} in a route, up to the first match.
     *
     * @param route the id of the route; null for the dispatch
     * @param where file and line; null if Camel has none
     */
    public record Decision(String route, String where, List<Branch> branches) {}

    /**
     * A pattern, and whether the event matched.
     *
     * @param route the id of the route that the event would go to; null in a {@code choice} or {@code filter}
     * @param description from the route file; null for none
     * @param pattern the event pattern; null for a fallback, which takes events that no other route matches
     * @param mismatch why the event does not take this branch; null if it does
     * @param leadsTo the route, or the first steps of this branch: {@code direct:alarms}
     */
    public record Branch(String route, String description, String pattern, Mismatch mismatch, List<String> leadsTo) {
        public boolean yes() {
            return mismatch == null;
        }
    }

    /**
     * A claim that was attempted.
     *
     * @param coolDown how long the key is remembered after the action; zero if the claim only prevents concurrent
     *     actions
     * @param reason the reason for an action that is skipped because of this claim; null if unknown
     */
    public record Claim(String key, Duration coolDown, String reason, ClaimStore.Answer answer) {}

    private record Claiming(EventOutcome eventOutcome, ClaimRepository with) {}

    /**
     * Records the decisions of this context's routes; call it before they are loaded.
     *
     * @param name of the claim store in the registry
     */
    void watch(CamelContext context, String name, ClaimStore store) {
        camel = context;
        // Otherwise Camel does not keep files and line numbers.
        camel.setSourceLocationEnabled(true);
        camel.getCamelContextExtension().addInterceptStrategy(new Intercepting());
        // Binding an object of another class under the same name would add a second one.
        camel.getRegistry().unbind(name);
        camel.getRegistry().bind(name, watched(store));
    }

    /** A wrapper of the store that records its claims. */
    private ClaimStore watched(ClaimStore store) {
        return (ClaimStore) Proxy.newProxyInstance(
                ClaimStore.class.getClassLoader(), new Class<?>[] {ClaimStore.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(store, arguments);
                        if (result instanceof ClaimStore.Answer answer) {
                            claimed((String) arguments[0], (Duration) arguments[3], answer);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The trace of an outcome's event. */
    public synchronized Trace of(ReplaySession.Outcome outcome) {
        Trace of = traces.getOrDefault(outcome.eventOutcome(), new Trace(List.of(), List.of()));
        List<Decision> decisions = new ArrayList<>(of.decisions());
        if (outcome.event() != null) {
            decisions.add(0, routes(outcome.event()));
        }
        return new Trace(decisions, List.copyOf(of.claims()));
    }

    private Decision routes(Event event) {
        List<Branch> branches = new ArrayList<>();
        for (EventComponent.Verdict verdict :
                camel.getComponent("event", EventComponent.class).explain(event)) {
            Route route = verdict.route();
            branches.add(new Branch(
                    route.getRouteId(),
                    route.getDescription(),
                    verdict.pattern() == null ? null : verdict.pattern().strip(),
                    verdict.mismatch(),
                    List.of("route " + route.getRouteId()
                            + (route.getSourceLocation() == null ? "" : " (" + route.getSourceLocation() + ")"))));
        }
        return new Decision(null, null, branches);
    }

    synchronized void clear() {
        traces.clear();
    }

    private Trace begun(EventOutcome eventOutcome) {
        return traces.computeIfAbsent(eventOutcome, f -> new Trace(new ArrayList<>(), new ArrayList<>()));
    }

    private final class Intercepting implements InterceptStrategy {
        @Override
        public Processor wrapProcessorInInterceptors(
                CamelContext context, NamedNode node, Processor target, Processor next) {
            boolean decision = node instanceof ChoiceDefinition || node instanceof FilterDefinition;
            boolean action = sendsTo(node, "ecs-service:");
            if (!decision && !action && !(node instanceof IdempotentConsumerDefinition)) {
                return target;
            }
            return new DelegateAsyncProcessor(target) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    synchronized (DecisionRecorder.this) {
                        if (decision) {
                            decide(node, exchange);
                        } else if (action) {
                            claiming.set(new Claiming(
                                    EventOutcome.of(exchange),
                                    camel.getComponent("ecs-service", EcsServiceComponent.class)
                                            .getClaims()));
                        } else if (node instanceof IdempotentConsumerDefinition claim) {
                            claiming(claim, exchange);
                        }
                    }
                    return super.process(exchange, callback);
                }
            };
        }
    }

    private static boolean sendsTo(NamedNode node, String scheme) {
        return node instanceof SendDefinition<?> to
                && to.getEndpointUri() != null
                && to.getEndpointUri().startsWith(scheme);
    }

    private void decide(NamedNode node, Exchange exchange) {
        List<Branch> branches = new ArrayList<>();
        if (node instanceof ChoiceDefinition choice) {
            choice.getWhenClauses()
                    .forEach(when -> ask(when, when.getExpression(), when.getOutputs(), exchange, branches));
        } else if (node instanceof FilterDefinition filter) {
            ask(filter, filter.getExpression(), filter.getOutputs(), exchange, branches);
        }
        if (!branches.isEmpty()) {
            begun(EventOutcome.of(exchange))
                    .decisions()
                    .add(new Decision(ProcessorDefinitionHelper.getRouteId(node), where(node), branches));
        }
    }

    /** Skips conditions in other languages, and those after the first match. */
    private void ask(
            NamedNode node,
            ExpressionDefinition asked,
            List<ProcessorDefinition<?>> steps,
            Exchange exchange,
            List<Branch> branches) {
        if (LANGUAGE.equals(asked.getLanguage()) && branches.stream().noneMatch(Branch::yes)) {
            String pattern = ((EventPatternLanguage) camel.resolveLanguage(LANGUAGE))
                    .pattern(asked.getExpression())
                    .strip();
            Optional<Mismatch> mismatch = EventPattern.compile(pattern).mismatch(json(exchange));
            branches.add(new Branch(null, node.getDescriptionText(), pattern, mismatch.orElse(null), steps(steps)));
        }
    }

    private JsonNode json(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Event event) {
            return event.payload().json();
        }
        return body instanceof JsonNode json
                ? json
                : reader.open(exchange.getMessage().getBody(String.class), null)
                        .get(0)
                        .json();
    }

    private static List<String> steps(List<ProcessorDefinition<?>> steps) {
        return steps.stream()
                .map(step -> step instanceof SendDefinition<?> to && to.getEndpointUri() != null
                        ? to.getEndpointUri().replace("://", ":").replaceFirst("\\?.*", "")
                        : step.getLabel())
                .toList();
    }

    private static String where(NamedNode node) {
        String file = node.getLocation();
        return file == null ? null : file + (node.getLineNumber() > 0 ? ":" + node.getLineNumber() : "");
    }

    private void claiming(IdempotentConsumerDefinition claim, Exchange exchange) {
        String repository = claim.getIdempotentRepository();
        claiming.set(new Claiming(
                EventOutcome.of(exchange),
                repository == null
                        ? null
                        : camel.getRegistry()
                                .lookupByNameAndType(
                                        repository.replaceFirst("^#(bean:)?", ""), ClaimRepository.class)));
    }

    private synchronized void claimed(String key, Duration record, ClaimStore.Answer answer) {
        Claiming by = claiming.get();
        if (by != null) {
            begun(by.eventOutcome())
                    .claims()
                    .add(new Claim(
                            key, record, by.with() == null ? null : by.with().getReason(), answer));
        }
    }
}

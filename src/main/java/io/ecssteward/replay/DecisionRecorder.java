package io.ecssteward.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.ecssteward.claim.ClaimRepository;
import io.ecssteward.claim.ClaimStore;
import io.ecssteward.dispatch.EventEndpoint;
import io.ecssteward.ecs.EcsServiceComponent;
import io.ecssteward.event.Event;
import io.ecssteward.event.EventReader;
import io.ecssteward.event.FollowUp;
import io.ecssteward.event.Heartbeat;
import io.ecssteward.outcome.EventOutcome;
import io.ecssteward.pattern.EventPattern;
import io.ecssteward.pattern.EventPatternLanguage;
import io.ecssteward.pattern.Mismatch;
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
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Sees what a {@link ReplaySession} does in between: what each event was asked on its way through the routes, and what
 * was claimed. It reads the routes as Camel has them, so that an operator's own are seen as well.
 *
 * <p>For the one message at a time that a replay session works off; the routes may do that on several threads.
 */
public final class DecisionRecorder {

    private static final String LANGUAGE = "event-pattern";

    private final EventReader reader = new EventReader();
    private final Map<EventOutcome, Seen> seen = new IdentityHashMap<>();
    private CamelContext camel;

    /** The event that this thread claims something for: the store itself is not told. */
    private final ThreadLocal<Claiming> claiming = new ThreadLocal<>();

    /**
     * What was seen of one event.
     *
     * @param decisions in the order in which they were taken
     * @param claims in the order in which they were made
     */
    public record Seen(List<Decision> decisions, List<Claim> claims) {}

    /**
     * A place where the route goes on in different ways.
     *
     * @param route the id of the route
     * @param where file and line; null when Camel does not say
     * @param own whether each of an operator's own routes is asked, as against one way after the other until one is
     *     taken
     * @param questions in the order in which they are asked; a filter has one
     */
    public record Decision(String route, String where, boolean own, List<Question> questions) {
        /** Whether events are told apart by a pattern here, as against by a setting or by what was done before. */
        public boolean byPattern() {
            return questions.stream().anyMatch(q -> q.pattern() != null);
        }
    }

    /** What became of a question. */
    public enum Answer {
        YES,
        NO,
        /** An earlier one was answered with yes, and that was that. */
        NOT_ASKED
    }

    /** One way to go on, and whether this event took it. */
    public static final class Question {
        private final NamedNode node;
        private final String description;
        private final String pattern;
        private final String expression;
        private final Mismatch mismatch;
        private final List<String> leadsTo;
        private Answer answer;

        private Question(
                NamedNode node,
                String description,
                String pattern,
                String expression,
                Mismatch mismatch,
                List<String> leadsTo) {
            this.node = node;
            this.description = description;
            this.pattern = pattern;
            this.expression = expression;
            this.mismatch = mismatch;
            this.leadsTo = leadsTo;
        }

        /** What the operator wrote about it; null when that is nothing. */
        public String description() {
            return description;
        }

        /** The event pattern; null when it is asked in another language, or is what is left when nothing else fits. */
        public String pattern() {
            return pattern;
        }

        /** What is asked, where that is no event pattern; null for what is left when nothing else fits. */
        public String expression() {
            return expression;
        }

        /** Why the pattern does not match; null when it does, when it was not asked and when there is none. */
        public Mismatch mismatch() {
            return answer == Answer.NO ? mismatch : null;
        }

        /** The steps that this way begins with, as the routes have them: {@code direct:alarms}. */
        public List<String> leadsTo() {
            return leadsTo;
        }

        public Answer answer() {
            return answer;
        }
    }

    /**
     * A claim that was asked for.
     *
     * @param coolDown how long the same key counts as done afterwards; nothing when only work under way is kept apart
     * @param reason the word for what is not done because of it; null when the store was asked by something unknown
     */
    public record Claim(String key, Duration coolDown, String reason, ClaimStore.Answer answer) {}

    private record Claiming(EventOutcome eventOutcome, ClaimRepository with) {}

    /**
     * Has Camel tell this what its routes do, before they are loaded.
     *
     * @param name of the claim store in the registry
     */
    void watch(CamelContext context, String name, ClaimStore store) {
        camel = context;
        // Otherwise Camel drops the files and lines that things were written in.
        camel.setSourceLocationEnabled(true);
        camel.getCamelContextExtension().addInterceptStrategy(new Intercepting());
        // One of another class under the same name would be a second one.
        camel.getRegistry().unbind(name);
        camel.getRegistry().bind(name, new WatchedStore(store));
    }

    /** What was seen of the event that met this outcome. */
    public synchronized Seen of(EventOutcome eventOutcome) {
        Seen of = seen.getOrDefault(eventOutcome, new Seen(List.of(), List.of()));
        return new Seen(List.copyOf(of.decisions()), List.copyOf(of.claims()));
    }

    synchronized void clear() {
        seen.clear();
    }

    private Seen begun(EventOutcome eventOutcome) {
        return seen.computeIfAbsent(eventOutcome, f -> new Seen(new ArrayList<>(), new ArrayList<>()));
    }

    private final class Intercepting implements InterceptStrategy {
        @Override
        public Processor wrapProcessorInInterceptors(
                CamelContext context, NamedNode node, Processor target, Processor next) {
            NamedNode way = way(node);
            boolean decision = node instanceof ChoiceDefinition || node instanceof FilterDefinition;
            boolean own = sendsTo(node, "event:");
            boolean action = sendsTo(node, "ecs-service:");
            if (way == null && !decision && !own && !action && !(node instanceof IdempotentConsumerDefinition)) {
                return target;
            }
            return new DelegateAsyncProcessor(target) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    AsyncCallback last = callback;
                    synchronized (DecisionRecorder.this) {
                        if (way != null) {
                            taken(way, exchange);
                        }
                        if (decision) {
                            Decision decided = decide(node, exchange);
                            last = doneSync -> {
                                over(decided);
                                callback.done(doneSync);
                            };
                        } else if (own) {
                            handOut(node, exchange);
                        } else if (action) {
                            claiming.set(new Claiming(
                                    EventOutcome.of(exchange),
                                    camel.getComponent("ecs-service", EcsServiceComponent.class)
                                            .getClaims()));
                        } else if (node instanceof IdempotentConsumerDefinition claim) {
                            claiming(claim, exchange);
                        }
                    }
                    return super.process(exchange, last);
                }
            };
        }
    }

    private static boolean sendsTo(NamedNode node, String scheme) {
        return node instanceof SendDefinition<?> to
                && to.getEndpointUri() != null
                && to.getEndpointUri().startsWith(scheme);
    }

    /** What a step is taken because of; null when it is taken anyway. */
    private static NamedNode way(NamedNode step) {
        if (step.getParent() instanceof ChoiceDefinition choice) {
            for (WhenDefinition when : choice.getWhenClauses()) {
                if (when.getOutputs().stream().anyMatch(each -> each == step)) {
                    return when;
                }
            }
            return choice.getOtherwise();
        }
        return step.getParent() instanceof FilterDefinition filter ? filter : null;
    }

    private Decision decide(NamedNode node, Exchange exchange) {
        List<Question> questions = new ArrayList<>();
        if (node instanceof ChoiceDefinition choice) {
            for (WhenDefinition when : choice.getWhenClauses()) {
                questions.add(question(when, when.getExpression(), when.getOutputs(), exchange));
            }
            if (choice.getOtherwise() != null) {
                OtherwiseDefinition left = choice.getOtherwise();
                questions.add(new Question(left, left.getDescription(), null, null, null, steps(left.getOutputs())));
            }
        } else {
            FilterDefinition filter = (FilterDefinition) node;
            questions.add(question(filter, filter.getExpression(), filter.getOutputs(), exchange));
        }
        answer(questions);
        Decision decision = new Decision(ProcessorDefinitionHelper.getRouteId(node), where(node), false, questions);
        begun(EventOutcome.of(exchange)).decisions().add(decision);
        return decision;
    }

    /** The own routes that there are, each of which is asked. */
    private void handOut(NamedNode node, Exchange exchange) {
        List<Question> questions = new ArrayList<>();
        for (Route route : camel.getRoutes()) {
            if (route.getEndpoint() instanceof EventEndpoint own) {
                JsonNode event = json(exchange);
                Object body = exchange.getMessage().getBody();
                Optional<Mismatch> mismatch = body instanceof Heartbeat || body instanceof FollowUp
                        ? Optional.of(
                                new Mismatch(event, "what the steward sends to itself is for the shipped routes only"))
                        : EventPattern.compile(own.getPattern()).mismatch(event);
                List<String> steps = new ArrayList<>(List.of("route " + route.getRouteId()
                        + (route.getSourceLocation() == null ? "" : " (" + route.getSourceLocation() + ")")));
                if (Boolean.parseBoolean(own.getInstead())) {
                    steps.add("no shipped route, as it says instead: true");
                }
                String description = route.getDescription() == null ? route.getRouteId() : route.getDescription();
                Question question =
                        new Question(node, description, own.getPattern().strip(), null, mismatch.orElse(null), steps);
                question.answer = mismatch.isEmpty() ? Answer.YES : Answer.NO;
                questions.add(question);
            }
        }
        if (!questions.isEmpty()) {
            begun(EventOutcome.of(exchange))
                    .decisions()
                    .add(new Decision(ProcessorDefinitionHelper.getRouteId(node), where(node), true, questions));
        }
    }

    /** Until a step of one of them is taken, only the patterns are known. */
    private static void answer(List<Question> questions) {
        boolean over = false;
        boolean unknown = false;
        for (Question question : questions) {
            boolean no = question.mismatch != null;
            boolean yes = question.pattern != null && !no;
            question.answer = over ? Answer.NOT_ASKED : yes && !unknown ? Answer.YES : Answer.NO;
            over |= yes && !unknown;
            unknown |= question.pattern == null;
        }
    }

    /**
     * When a choice is over, and what comes after a way without steps was not taken although nothing was in its way,
     * that one was taken.
     */
    private synchronized void over(Decision decision) {
        List<Question> questions = decision.questions();
        if (questions.stream().anyMatch(q -> q.answer == Answer.YES)) {
            return;
        }
        for (int i = 0; i < questions.size(); i++) {
            Question silent = questions.get(i);
            boolean passed = questions.stream()
                    .skip(i + 1L)
                    .anyMatch(q -> q.mismatch == null && (q.pattern != null || q.expression == null));
            if (silent.expression != null && silent.leadsTo.isEmpty() && passed) {
                answer(questions, silent);
                return;
            }
        }
    }

    private static void answer(List<Question> questions, Question yes) {
        boolean before = true;
        for (Question question : questions) {
            question.answer = question == yes ? Answer.YES : before ? Answer.NO : Answer.NOT_ASKED;
            before &= question != yes;
        }
    }

    private void taken(NamedNode way, Exchange exchange) {
        List<Decision> decisions = begun(EventOutcome.of(exchange)).decisions();
        for (int i = decisions.size() - 1; i >= 0; i--) {
            List<Question> questions = decisions.get(i).questions();
            Optional<Question> yes =
                    questions.stream().filter(q -> q.node == way).findFirst();
            if (yes.isPresent()) {
                answer(questions, yes.get());
                return;
            }
        }
    }

    private Question question(
            NamedNode node, ExpressionDefinition asked, List<ProcessorDefinition<?>> steps, Exchange exchange) {
        if (!LANGUAGE.equals(asked.getLanguage())) {
            String expression = asked instanceof MethodCallExpression method
                    ? "bean " + method.getRef() + "." + method.getMethod()
                    : asked.getLanguage() + " " + asked.getExpression();
            return new Question(node, node.getDescriptionText(), null, expression.strip(), null, steps(steps));
        }
        String pattern = ((EventPatternLanguage) camel.resolveLanguage(LANGUAGE))
                .pattern(asked.getExpression())
                .strip();
        Optional<Mismatch> mismatch = EventPattern.compile(pattern).mismatch(json(exchange));
        return new Question(node, node.getDescriptionText(), pattern, null, mismatch.orElse(null), steps(steps));
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

    /** The store, and who looks on. */
    private final class WatchedStore implements ClaimStore {
        private final ClaimStore store;

        private WatchedStore(ClaimStore store) {
            this.store = store;
        }

        @Override
        public Duration usualLease() {
            return store.usualLease();
        }

        @Override
        public Answer claim(String key, String owner, Duration lease, Duration record) {
            Answer answer = store.claim(key, owner, lease, record);
            claimed(key, record, answer);
            return answer;
        }

        @Override
        public void confirm(String key, String owner) {
            store.confirm(key, owner);
        }

        @Override
        public void confirm(String key, String owner, Duration record) {
            store.confirm(key, owner, record);
        }

        @Override
        public void release(String key, String owner) {
            store.release(key, owner);
        }

        @Override
        public void forget(String key) {
            store.forget(key);
        }

        @Override
        public boolean recorded(String key) {
            return store.recorded(key);
        }

        @Override
        public void record(String key, Duration record) {
            store.record(key, record);
        }

        @Override
        public void note(String key, String text, Duration record) {
            store.note(key, text, record);
        }

        @Override
        public String noted(String key) {
            return store.noted(key);
        }
    }
}

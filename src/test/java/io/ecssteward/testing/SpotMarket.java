package io.ecssteward.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Fargate behind {@link FakeEcs}: as much on-demand as anybody wants, and Spot capacity in three Availability Zones
 * that comes and goes, by a script or by chance. Tasks that lose their capacity get two minutes' notice. ECS's
 * scheduler keeps the desired counts where there is capacity, spreads over the zones, honors base and weights, never
 * puts a task elsewhere than its strategy says, and rolls deployments with at least 100 % and at most 200 % of the
 * tasks. What it says about that goes to a listener, as EventBridge would deliver it.
 *
 * <p>Nothing moves by itself: a test sets the clock to {@link #next} and calls {@link #proceed}, and calls it again
 * when it changed services. The same calls with the same seed lead to the same market.
 *
 * <pre>
 * SpotMarket market = new SpotMarket(clock, 7, events::add);
 * market.run(ecs.addService("prod", "web").desiredCount(6).capacity("FARGATE_SPOT", 0, 1));
 * market.spot("eu-west-1a", 0);
 * market.proceed();
 * </pre>
 *
 * <p>AWS does not say how long a task takes to start, how often the scheduler tries again for want of capacity, and how
 * often it says so. Assumed: a minute, a minute, and five minutes. A task is not RUNNING from the notice on, because it
 * is DEACTIVATING a second later: load balancers send it nothing any more.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html">Fargate
 *     capacity providers: the notice, and the scheduler that tries to replace the task</a>
 */
public final class SpotMarket {
    private static final Duration NOTICE = Duration.ofMinutes(2);
    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Duration SAYS_SO_AGAIN = Duration.ofMinutes(5);
    /** ECS says "periodically". */
    private static final Duration STEADY_AGAIN = Duration.ofHours(6);

    private static final int MAXIMUM = 2;
    private static final String SPOT = "FARGATE_SPOT";
    private static final String ON_DEMAND = "FARGATE";

    /** Of the region that the fakes stand for. */
    public static final List<String> ZONES = List.of(Aws.REGION + "a", Aws.REGION + "b", Aws.REGION + "c");

    private final ManualClock clock;
    private final MarketEvents events;
    private final Random random;
    private final Map<String, Integer> capacity = new LinkedHashMap<>();
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
    private int numbers;
    private Instant now;

    private record Due(Instant at, int number, Runnable what) {}

    /** A change of a service's strategy: a deployment by another one than the last. */
    public record Change(Instant at, List<Capacity> capacity) {}

    /**
     * What became of a service so far.
     *
     * @param lost task-minutes below the desired count
     * @param longest minutes in which it was below without a break
     * @param onDemand task-minutes of FARGATE
     * @param spot task-minutes of FARGATE_SPOT
     * @param deployments how many began
     * @param changes those with another strategy, the oldest first
     * @param fewest tasks that ran at one time
     */
    public record Tally(
            double lost,
            double longest,
            double onDemand,
            double spot,
            int deployments,
            List<Change> changes,
            int fewest) {}

    static final class Task {
        final Service service;
        final String id;
        final String deployment;
        final String definition;
        final String provider;
        final String zone;
        final Instant created;
        int version;
        boolean running;

        private Task(
                Service service,
                String id,
                FakeService.Deployment deployment,
                String provider,
                String zone,
                Instant now) {
            this.service = service;
            this.id = id;
            this.deployment = deployment.id();
            this.definition = deployment.taskDefinition();
            this.provider = provider;
            this.zone = zone;
            created = now;
        }

        String arn() {
            return EcsState.arn("task/" + service.fake.cluster() + "/" + id);
        }
    }

    static final class Service {
        final FakeService fake;
        private final Service covers;
        /** Without those that are under notice. */
        private final List<Task> tasks = new ArrayList<>();
        /** Under notice: they cost until they are gone. */
        private final List<Task> leaving = new ArrayList<>();

        private String primary;
        private List<Capacity> strategy;
        private Instant nextTry = Instant.MIN;
        private Instant saidSo = Instant.MIN;
        private boolean steady = true;
        private double lost;
        private double missing;
        private double longest;
        private double onDemand;
        private double spot;
        private int deployments;
        private final List<Change> changes = new ArrayList<>();
        private int fewest = Integer.MAX_VALUE;

        private Service(FakeService fake, Service covers) {
            this.fake = fake;
            this.covers = covers;
        }

        private List<Task> of(Predicate<Task> which) {
            return tasks.stream().filter(which).toList();
        }

        private int running() {
            return (int) tasks.stream().filter(t -> t.running).count();
        }
    }

    /**
     * Begins with no Spot capacity anywhere, and no services.
     *
     * @param seed of what is left to chance: which tasks are interrupted
     * @param listener gets each event as JSON
     */
    public SpotMarket(ManualClock clock, long seed, Consumer<String> listener) {
        this.clock = clock;
        events = new MarketEvents(listener);
        random = new Random(seed);
        now = clock.instant();
        ZONES.forEach(zone -> capacity.put(zone, 0));
    }

    /** Sets how many Spot tasks there can be in a zone from now on; those that are too many get notice. */
    public SpotMarket spot(String zone, int tasks) {
        capacity.put(zone, tasks);
        List<Task> there = new ArrayList<>(spotTasks(zone).toList());
        while (there.size() > tasks) {
            interrupt(there.remove(random.nextInt(there.size())));
        }
        return this;
    }

    /** The same in all zones. */
    public SpotMarket spotEverywhere(int tasks) {
        ZONES.forEach(zone -> spot(zone, tasks));
        return this;
    }

    /** Does something after a while: a line of a script. */
    public SpotMarket after(Duration delay, Runnable what) {
        due.add(new Due(clock.instant().plus(delay), numbers++, what));
        return this;
    }

    /**
     * Leaves the capacity to chance until the end: every so often each zone may get another capacity.
     *
     * @param share how often it does get one, 0 to 1
     */
    public SpotMarket byChance(long seed, double share, Duration every, Instant end, List<Integer> capacities) {
        Chance<Integer> chance = new Chance<>(seed, share, capacities, capacities.get(0), Integer.MAX_VALUE);
        for (Instant at = clock.instant().plus(every); at.isBefore(end); at = at.plus(every)) {
            for (String zone : ZONES) {
                Integer tasks = chance.draw();
                if (tasks != null) {
                    due.add(new Due(at, numbers++, () -> spot(zone, tasks)));
                }
            }
        }
        return this;
    }

    /** Has a service's tasks run here, and the first of them at once. */
    public SpotMarket run(FakeService service) {
        return run(service, null);
    }

    /** The same of a service whose tasks do the work of another one. */
    public SpotMarket runInPlaceOf(FakeService service, FakeService other) {
        return run(service, services.get(other.arn()));
    }

    private SpotMarket run(FakeService fake, Service covers) {
        Service service = new Service(fake, covers);
        services.put(fake.arn(), service);
        FakeService.Deployment deployment = fake.deployments().get(0);
        service.primary = deployment.id();
        service.strategy = deployment.capacity();
        start(service, deployment);
        service.tasks.forEach(task -> task.running = true);
        show(service);
        steadyAgain(service, fake.deployments().get(0).id());
        return this;
    }

    /** When something happens next, unless somebody changes something before. */
    public Optional<Instant> next() {
        return Optional.ofNullable(due.peek()).map(Due::at);
    }

    /** Does what is due by the clock, and then what follows from the services as they are. */
    public void proceed() {
        Instant until = clock.instant();
        while (!due.isEmpty() && !due.peek().at().isAfter(until)) {
            Due first = due.poll();
            pass(first.at());
            first.what().run();
            schedule();
        }
        pass(until);
        schedule();
    }

    /** What became of a service and of those that run in its place, by the clock's time. */
    public Tally tally(FakeService service) {
        pass(clock.instant());
        Service s = services.get(service.arn());
        List<Service> all = together(s);
        return new Tally(
                s.lost,
                s.longest,
                all.stream().mapToDouble(one -> one.onDemand).sum(),
                all.stream().mapToDouble(one -> one.spot).sum(),
                all.stream().mapToInt(one -> one.deployments).sum(),
                List.copyOf(s.changes),
                s.fewest);
    }

    /** How many tasks of a service run now. */
    public int running(FakeService service) {
        return services.get(service.arn()).running();
    }

    /** How many of its tasks, running or started, are of a capacity provider. */
    public int on(String provider, FakeService service) {
        return services.get(service.arn()).of(t -> t.provider.equals(provider)).size();
    }

    private List<Service> together(Service primary) {
        return services.values().stream()
                .filter(s -> s == primary || s.covers == primary)
                .toList();
    }

    /** Counts the time since the last time. */
    private void pass(Instant until) {
        double minutes = Math.max(0, Duration.between(now, until).toMillis() / 60_000.0);
        for (Service s : services.values()) {
            if (s.covers == null) {
                int running = together(s).stream().mapToInt(Service::running).sum();
                s.lost += Math.max(0, s.fake.desiredCount() - running) * minutes;
                s.missing = running < s.fake.desiredCount() ? s.missing + minutes : 0;
                s.longest = Math.max(s.longest, s.missing);
                s.fewest = minutes > 0 ? Math.min(s.fewest, running) : s.fewest;
            }
            Stream.concat(s.tasks.stream(), s.leaving.stream()).forEach(task -> {
                if (task.provider.equals(ON_DEMAND)) {
                    s.onDemand += minutes;
                } else {
                    s.spot += minutes;
                }
            });
        }
        now = until.isAfter(now) ? until : now;
    }

    private Stream<Task> spotTasks(String zone) {
        return services.values().stream()
                .flatMap(s -> s.tasks.stream())
                .filter(t -> t.provider.equals(SPOT) && t.zone.equals(zone));
    }

    private void later(Duration delay, Runnable what) {
        due.add(new Due(now.plus(delay), numbers++, what));
    }

    private void interrupt(Task task) {
        task.service.tasks.remove(task);
        task.service.leaving.add(task);
        String stopping = now.toString();
        events.task(task, task.running ? "RUNNING" : "PENDING", "STOPPED", now, interrupted(stopping));
        later(NOTICE, () -> {
            task.service.leaving.remove(task);
            events.task(task, "STOPPED", "STOPPED", now, interrupted(stopping).put("stoppedAt", now.toString()));
        });
    }

    private static ObjectNode interrupted(String stopping) {
        return more("stopCode", "SpotInterruption")
                .put("stoppedReason", "Your Spot Task was interrupted.")
                .put("stoppingAt", stopping);
    }

    private static ObjectNode more(String name, String value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }

    private void schedule() {
        services.values().forEach(this::schedule);
    }

    /** One pass of ECS's scheduler. */
    private void schedule(Service service) {
        FakeService fake = service.fake;
        FakeService.Deployment primary = fake.deployments().get(0);
        if (!primary.id().equals(service.primary)) {
            service.primary = primary.id();
            service.deployments++;
            service.nextTry = now;
            service.steady = false;
            if (!primary.capacity().equals(service.strategy)) {
                service.strategy = primary.capacity();
                service.changes.add(new Change(now, service.strategy));
            }
            events.deployment(fake, "SERVICE_DEPLOYMENT_IN_PROGRESS", primary.id(), now);
        }
        if (!now.isBefore(service.nextTry)) {
            start(service, primary);
        }
        stop(service, primary);
        boolean alone = service.of(t -> !t.deployment.equals(primary.id())).isEmpty();
        boolean all = alone && service.running() == fake.desiredCount() && service.tasks.size() == service.running();
        if (all && "IN_PROGRESS".equals(primary.rolloutState())) {
            fake.completeDeployment();
            events.deployment(fake, "SERVICE_DEPLOYMENT_COMPLETED", primary.id(), now);
        }
        show(service);
        if (all && !service.steady) {
            steady(service);
        }
        service.steady = all;
    }

    private void steady(Service service) {
        service.steady = true;
        events.action(service.fake, "INFO", "SERVICE_STEADY_STATE", now, JsonNodeFactory.instance.objectNode());
        steadyAgain(service, service.primary);
    }

    private void steadyAgain(Service service, String deployment) {
        later(STEADY_AGAIN, () -> {
            if (service.steady && service.primary.equals(deployment)) {
                steady(service);
            }
        });
    }

    /** Starts what the PRIMARY deployment lacks. */
    private void start(Service service, FakeService.Deployment primary) {
        int desired = service.fake.desiredCount();
        boolean short_ = false;
        for (Map.Entry<String, Integer> target :
                targets(primary.capacity(), desired).entrySet()) {
            String provider = target.getKey();
            while (service.of(t -> t.deployment.equals(primary.id()) && t.provider.equals(provider))
                                    .size()
                            < target.getValue()
                    && service.tasks.size() < MAXIMUM * desired) {
                Optional<String> zone = zone(service, provider);
                if (zone.isEmpty()) {
                    short_ = true;
                    break;
                }
                String id = "%016x%016x".formatted(random.nextLong(), random.nextLong());
                Task task = new Task(service, id, primary, provider, zone.get(), now);
                service.tasks.add(task);
                later(START, () -> run(task));
            }
        }
        if (short_) {
            service.nextTry = now.plus(RETRY);
            later(RETRY, () -> {});
            sayThatThereIsNone(service);
        }
    }

    private void run(Task task) {
        if (task.service.tasks.contains(task) && !task.running) {
            task.running = true;
            events.task(task, "RUNNING", "RUNNING", now, more("startedAt", now.toString()));
        }
    }

    private void sayThatThereIsNone(Service service) {
        if (service.saidSo.isAfter(now.minus(SAYS_SO_AGAIN))) {
            return;
        }
        service.saidSo = now;
        ObjectNode more = more("reason", "RESOURCE:FARGATE");
        more.putArray("capacityProviderArns").add(EcsState.arn("capacity-provider/" + SPOT));
        events.action(service.fake, "ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", now, more);
    }

    /** The zone with room and the fewest tasks of the service. */
    private Optional<String> zone(Service service, String provider) {
        return ZONES.stream()
                .filter(zone -> !provider.equals(SPOT) || spotTasks(zone).count() < capacity.get(zone))
                .min(Comparator.comparing(
                        zone -> service.of(t -> t.zone.equals(zone)).size()));
    }

    /** How many tasks each capacity provider gets: the base first, the others in the proportion of the weights. */
    static Map<String, Integer> targets(List<Capacity> strategy, int desired) {
        Map<String, Integer> targets = new LinkedHashMap<>();
        if (strategy.isEmpty()) {
            targets.put(ON_DEMAND, desired);
            return targets;
        }
        int left = desired;
        for (Capacity item : strategy) {
            int base = item.weight() > 0 || strategy.size() == 1 ? Math.min(item.base(), left) : 0;
            targets.put(item.provider(), base);
            left -= base;
        }
        Map<String, Integer> given = new LinkedHashMap<>();
        for (; left > 0; left--) {
            Capacity next = strategy.stream()
                    .filter(item -> item.weight() > 0)
                    .min(Comparator.comparing(item -> (given.getOrDefault(item.provider(), 0) + 1.0) / item.weight()))
                    .orElse(strategy.get(0));
            given.merge(next.provider(), 1, Integer::sum);
            targets.merge(next.provider(), 1, Integer::sum);
        }
        return targets;
    }

    /** Stops what is too much, and what the PRIMARY deployment has replaced. */
    private void stop(Service service, FakeService.Deployment primary) {
        int desired = service.fake.desiredCount();
        List<Task> current = service.of(t -> t.deployment.equals(primary.id()));
        current.stream().skip(desired).toList().forEach(this::stop);
        List<Task> old = service.of(t -> !t.deployment.equals(primary.id()));
        old.stream().filter(t -> !t.running).toList().forEach(this::stop);
        int excess = Math.max(0, service.running() - desired);
        old.stream().filter(t -> t.running).limit(excess).toList().forEach(this::stop);
        for (FakeService.Deployment d : service.fake.deployments()) {
            if (!d.id().equals(primary.id())
                    && service.of(t -> t.deployment.equals(d.id())).isEmpty()) {
                service.fake.forget(d.id());
            }
        }
    }

    private void stop(Task task) {
        task.service.tasks.remove(task);
        events.task(
                task,
                "STOPPED",
                "STOPPED",
                now,
                more("stopCode", "ServiceSchedulerInitiated")
                        .put("stoppedReason", "Scaling activity initiated by deployment " + task.service.primary)
                        .put("stoppedAt", now.toString()));
    }

    /** Has DescribeServices tell the counts. */
    private static void show(Service service) {
        for (FakeService.Deployment d : service.fake.deployments()) {
            List<Task> tasks = service.of(t -> t.deployment.equals(d.id()));
            int running = (int) tasks.stream().filter(t -> t.running).count();
            service.fake.tasks(d.id(), running, tasks.size() - running);
        }
    }
}

package io.ecssteward.time;

import java.time.Clock;
import org.apache.camel.CamelContext;

/** Finds the clock to use. */
public final class Clocks {
    private Clocks() {}

    /** The registry's clock, if it has one, because a simulation has its own time; otherwise the system's. */
    public static Clock of(CamelContext camel) {
        Clock bound = camel.getRegistry().findSingleByType(Clock.class);
        return bound == null ? Clock.systemUTC() : bound;
    }
}

package io.ecssteward.event;

import io.ecssteward.alert.Alert;

public record UnknownEvent(Payload payload) implements Event {
    static boolean recognises(Payload payload) {
        return false;
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    @Override
    public Alert alert() {
        return Alert.about(identity()).build();
    }
}

package io.ecssteward.event;

import io.ecssteward.alert.Alert;

public record AlarmStateChange(Payload payload) implements Event {
    static boolean recognises(Payload payload) {
        return false;
    }

    static AlarmStateChange read(Payload payload) {
        return new AlarmStateChange(payload);
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

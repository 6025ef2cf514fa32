package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.signals.Markets;
import dev.gatehouse.signals.Signals;
import dev.gatehouse.signals.external.ExternalMarkets;
import dev.gatehouse.signals.sandbox.Sandbox;

/** What callers read: live keys the market, test keys the sandbox. */
public final class ReadSide {
    private final Signals signals;
    private final Markets markets;
    private final ExternalMarkets external;
    private final Sandbox sandbox;

    public ReadSide(Signals signals, Markets markets, ExternalMarkets external, Sandbox sandbox) {
        this.signals = signals;
        this.markets = markets;
        this.external = external;
        this.sandbox = sandbox;
    }

    Signals signals(CallerIdentity caller) {
        return caller.mode() == KeyMode.TEST ? sandbox : signals;
    }

    ExternalMarkets external(CallerIdentity caller) {
        return caller.mode() == KeyMode.TEST ? ExternalMarkets.NONE : external;
    }

    Markets markets(CallerIdentity caller) {
        return caller.mode() == KeyMode.TEST ? sandbox : markets;
    }
}

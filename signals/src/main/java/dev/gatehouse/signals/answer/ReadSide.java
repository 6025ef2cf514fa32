package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.signals.Markets;
import dev.gatehouse.signals.Signals;
import dev.gatehouse.signals.sandbox.Sandbox;

/** What callers read: live keys the market, test keys the sandbox. */
public final class ReadSide {
    private final Signals signals;
    private final Markets markets;
    private final Sandbox sandbox;

    public ReadSide(Signals signals, Markets markets, Sandbox sandbox) {
        this.signals = signals;
        this.markets = markets;
        this.sandbox = sandbox;
    }

    Signals signals(CallerIdentity caller) {
        return caller.mode() == KeyMode.TEST ? sandbox : signals;
    }

    Markets markets(CallerIdentity caller) {
        return caller.mode() == KeyMode.TEST ? sandbox : markets;
    }
}

package dev.gatehouse.portal.account;

import dev.gatehouse.kernel.address.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How often a password may be tried. Whoever tries is slowed down, never whom they try to be: tries are counted by where they
 * come from, and by where they come from together with the mail address. A browser in which this person has signed in before
 * has a count of its own, so nobody's wrong tries keep them out there. Only when very many places together try one mail
 * address does it take such a browser, or a link by mail, to get in.
 */
final class SignInPace {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int OF_ONE_FOR_ONE = 8;
    private static final int OF_ONE = 60;
    private static final int FOR_ONE = 1_000;
    private static final int NETWORK_BITS = 64;

    private final Attempts bySourceAndMail;
    private final Attempts bySource;
    private final Attempts byMail;
    private final Attempts byDevice;

    SignInPace(InstantSource clock) {
        bySourceAndMail = new Attempts(OF_ONE_FOR_ONE, WINDOW, clock);
        bySource = new Attempts(OF_ONE, WINDOW, clock);
        byMail = new Attempts(FOR_ONE, WINDOW, clock);
        byDevice = new Attempts(OF_ONE_FOR_ONE, WINDOW, clock);
    }

    /** @param device of a browser in which this person has signed in before */
    Duration take(String mail, String address, Optional<String> device) {
        if (device.isPresent()) {
            return byDevice.take(device.get());
        }
        String source = source(address);
        Duration forOne = bySourceAndMail.take(source + " " + mail);
        Duration ofOne = bySource.take(source);
        // what is refused already says nothing about how many try this mail address
        Duration inAll = forOne.isZero() && ofOne.isZero() ? byMail.take(mail) : Duration.ZERO;
        return longest(longest(forOne, ofOne), inAll);
    }

    /** A try that was right is none. */
    void right(String mail, String address, Optional<String> device) {
        if (device.isPresent()) {
            byDevice.forget(device.get());
            return;
        }
        bySourceAndMail.forget(source(address) + " " + mail);
        bySource.giveBack(source(address));
        byMail.giveBack(mail);
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** An IPv4 address; of IPv6 the network, since one customer of a provider has all of its addresses. */
    static String source(String address) {
        return IpAddress.parse(address)
                .filter(parsed -> parsed.family() == IpAddress.Family.V6)
                .map(parsed -> new IpAddress(IpAddress.Family.V6, parsed.high(), 0) + "/" + NETWORK_BITS)
                .orElse(address);
    }
}

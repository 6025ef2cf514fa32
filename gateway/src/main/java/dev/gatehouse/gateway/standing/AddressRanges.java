package dev.gatehouse.gateway.standing;

import dev.gatehouse.kernel.address.AddressRange;
import dev.gatehouse.kernel.address.IpAddress;
import java.util.List;

/** Addresses and ranges of them. Names are never looked up. */
public final class AddressRanges {
    private static final AddressRanges ANY = new AddressRanges(List.of());

    private final List<AddressRange> ranges;

    private AddressRanges(List<AddressRange> ranges) {
        this.ranges = ranges;
    }

    /** @throws IllegalArgumentException when one of them is neither an address nor a range */
    public static AddressRanges parse(List<String> texts) {
        return texts.isEmpty()
                ? ANY
                : new AddressRanges(texts.stream().map(AddressRange::parse).toList());
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether one of the ranges holds this address; false for text that is no address. */
    public boolean contains(String text) {
        return IpAddress.parse(text).filter(this::contains).isPresent();
    }

    private boolean contains(IpAddress address) {
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }
}

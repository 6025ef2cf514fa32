package dev.gatehouse.webhooks.endpoint;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.EventFilter;
import dev.gatehouse.webhooks.EventType;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.guard.BlockedException;
import dev.gatehouse.webhooks.signature.SigningKeyPair;
import dev.gatehouse.webhooks.signature.SigningSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Holds an endpoint against what it may be; names every fault at once. */
final class EndpointRules {
    static final int LONGEST_DESCRIPTION = 200;
    private static final int MOST_OF_A_FILTER = 50;
    /** As listings have them: RESO's PropertyType without spaces, and two more. */
    private static final List<String> PROPERTY_TYPES = List.of(
            "Residential",
            "ResidentialIncome",
            "ResidentialLease",
            "CommercialLease",
            "CommercialSale",
            "BusinessOpportunity",
            "Farm",
            "Land",
            "ManufacturedInPark",
            "Parking",
            "Other");

    private static final Pattern ZIP = Pattern.compile("[0-9]{5}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.:-]{1,80}");

    private final AddressGuard guard;
    private final Catalogue catalogue;
    private final List<FieldError> faults = new ArrayList<>();
    private String normalUrl = "";

    EndpointRules(AddressGuard guard, Catalogue catalogue) {
        this.guard = guard;
        this.catalogue = catalogue;
    }

    /** What no delivery would be made to is no URL of an endpoint. Blocks while its name is looked up. */
    EndpointRules url(TenantId tenant, String url) {
        try {
            normalUrl = guard.accept(tenant, url).toString();
        } catch (BlockedException e) {
            faults.add(new FieldError("url", e.reason()));
        }
        return this;
    }

    /** The URL that was given, in its normal form. */
    String normalUrl() {
        return normalUrl;
    }

    EndpointRules description(String description) {
        if (description.length() > LONGEST_DESCRIPTION) {
            faults.add(new FieldError("description", "is longer than " + LONGEST_DESCRIPTION + " characters"));
        }
        return this;
    }

    EndpointRules eventTypes(List<String> types) {
        for (String type : types) {
            if (catalogue.find(type).isEmpty()) {
                faults.add(new FieldError("eventTypes", catalogue.unknown(shortened(type))));
            }
        }
        return this;
    }

    EndpointRules filter(EventFilter filter, List<String> types) {
        each(
                "filter.areas",
                filter.areas(),
                EndpointRules::isArea,
                "is no area: write zip:43604, city:Toledo, OH, county:Lucas, OH or geohash:dpm5");
        each("filter.subjects", filter.subjects(), KEY.asMatchPredicate(), "is no ListingKey or PropertyKey");
        each("filter.alerts", filter.alerts(), KEY.asMatchPredicate(), "is no id of a saved alert");
        if (filter.propertyTypes().size() > MOST_OF_A_FILTER) {
            faults.add(new FieldError("filter.propertyTypes", "has more than " + MOST_OF_A_FILTER + " items"));
        }
        if (!filter.alerts().isEmpty() && !types.isEmpty() && !types.contains("signal.raised")) {
            faults.add(new FieldError(
                    "filter.alerts",
                    "can match nothing: saved alerts come as signal.raised, which is not among eventTypes"));
        }
        if (!filter.propertyTypes().isEmpty()) {
            matchable("filter.propertyTypes", types, "PropertyType");
        }
        if (!filter.subjects().isEmpty()) {
            matchable("filter.subjects", types, "ListingKey", "PropertyKey");
        }
        if (!filter.areas().isEmpty()) {
            matchable("filter.areas", types, "PostalCode", "City", "CountyOrParish", "Latitude");
        }
        for (String type : filter.propertyTypes()) {
            if (!PROPERTY_TYPES.contains(type)) {
                faults.add(new FieldError(
                        "filter.propertyTypes",
                        "\"" + shortened(type) + "\" can match nothing: write one of "
                                + String.join(", ", PROPERTY_TYPES)));
                break;
            }
        }
        return this;
    }

    /** At least one of the wanted types must carry what the filter looks at. */
    private void matchable(String field, List<String> types, String... members) {
        List<EventType> wanted = types.isEmpty()
                ? catalogue.all()
                : types.stream().flatMap(type -> catalogue.find(type).stream()).toList();
        boolean possible = wanted.isEmpty()
                || wanted.stream()
                        .map(type -> Json.tree(type.schema()).path("properties"))
                        .anyMatch(properties -> Stream.of(members).anyMatch(properties::has));
        if (!possible) {
            faults.add(new FieldError(
                    field,
                    "can match nothing: no event of " + String.join(", ", types) + " carries "
                            + String.join(" or ", members)));
        }
    }

    /** @param known those of them that the tenant has */
    EndpointRules alerts(List<String> alerts, Set<String> known) {
        alerts.stream()
                .filter(alert -> KEY.matcher(alert).matches() && !known.contains(alert))
                .findFirst()
                .ifPresent(alert -> faults.add(new FieldError(
                        "filter.alerts",
                        "can match nothing: you have no saved alert " + shortened(alert)
                                + ". Save one with POST /v2/alerts; it can be named here a second later.")));
        return this;
    }

    private static boolean isArea(String text) {
        return Area.parse(text)
                .filter(area ->
                        area.kind() != Area.Kind.ZIP || ZIP.matcher(area.code()).matches())
                .isPresent();
    }

    private void each(String field, List<String> items, Predicate<String> right, String wrong) {
        if (items.size() > MOST_OF_A_FILTER) {
            faults.add(new FieldError(field, "has more than " + MOST_OF_A_FILTER + " items"));
        }
        items.stream()
                .filter(right.negate())
                .findFirst()
                .ifPresent(item -> faults.add(new FieldError(field, "\"" + shortened(item) + "\" " + wrong)));
    }

    EndpointRules secret(String secret, Endpoint.Scheme scheme) {
        switch (scheme) {
            case V1 -> {
                if (SigningSecret.parse(secret).isEmpty()) {
                    faults.add(new FieldError(
                            "secret",
                            "must be whsec_ and 24 to 64 random bytes in base64: leave it out and you get a good one"));
                }
            }
            case V1A -> {
                if (SigningKeyPair.parse(secret).isEmpty()) {
                    faults.add(new FieldError(
                            "secret",
                            "must be whsk_ and an Ed25519 key of 64 bytes in base64, seed and public key: leave it out"
                                    + " and you get the public half of a good one"));
                }
            }
        }
        return this;
    }

    /** @throws dev.gatehouse.kernel.problem.ProblemException when anything was wrong */
    void enforce() {
        if (!faults.isEmpty()) {
            String names = String.join(
                    ", ", faults.stream().map(FieldError::field).distinct().toList());
            throw Problem.of(ProblemCode.INVALID_BODY, "Not valid: " + names + ". See errors for each.", faults)
                    .asException();
        }
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}

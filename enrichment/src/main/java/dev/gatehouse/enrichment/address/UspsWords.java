package dev.gatehouse.enrichment.address;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The postal service's words: how it abbreviates streets' suffixes, directions and units.
 *
 * @see <a href="https://pe.usps.com/text/pub28/28apc_002.htm">USPS Publication 28, appendix C</a>
 */
final class UspsWords {
    private static final Map<String, String> SUFFIXES = words("""
            ALY ALLEE ALLEY ALLY|ANX ANEX ANNEX|ARC ARCADE|AVE AV AVEN AVENU AVENUE AVN AVNUE|BCH BEACH|BND BEND|BLF BLUFF
            BLVD BOUL BOULEVARD BOULV|BR BRANCH|BRG BRIDGE|BRK BROOK|BYP BYPASS|CSWY CAUSEWAY|CTR CENTER CENTRE|CIR CIRC CIRCL CIRCLE
            CLB CLUB|COR CORNER|CT COURT|CV COVE|CRK CREEK|CRES CRESCENT|XING CROSSING|DL DALE|DR DRIVE DRIV DRV|EST ESTATE
            EXPY EXPRESSWAY EXPRESS|EXT EXTENSION|FLD FIELD|FLS FALLS|FRST FOREST|FWY FREEWAY|GDNS GARDENS|GDN GARDEN|GLN GLEN
            GRN GREEN|GRV GROVE|HBR HARBOR|HTS HEIGHTS HT|HWY HIGHWAY HIWAY|HL HILL|HLS HILLS|HOLW HOLLOW|IS ISLAND|JCT JUNCTION
            KNL KNOLL|LK LAKE|LNDG LANDING|LN LANE|LOOP LOOPS|MALL|MNR MANOR|MDWS MEADOWS|MT MOUNT|MTN MOUNTAIN|OVAL|PARK|PKWY PARKWAY PKY
            PASS|PATH PATHS|PIKE PIKES|PL PLACE|PLZ PLAZA|PT POINT|PRT PORT|RDG RIDGE|RD ROAD|ROW|RUN|SHR SHORE|SPG SPRING|SQ SQUARE
            STA STATION|ST STREET STRT STR|TER TERR TERRACE|TRCE TRACE|TRL TRAIL|TPKE TURNPIKE|VLY VALLEY|VW VIEW|VLG VILLAGE
            VIS VISTA|WALK|WAY WY
            """);
    private static final Map<String, String> DIRECTIONS =
            words("N NORTH|S SOUTH|E EAST|W WEST|NE NORTHEAST|NW NORTHWEST|SE SOUTHEAST|SW SOUTHWEST");
    private static final Map<String, String> UNITS = words(
            "APT APARTMENT|UNIT|STE SUITE|FL FLOOR|BLDG BUILDING|RM ROOM|LOT|PH PENTHOUSE|TRLR TRAILER|BSMT BASEMENT|#");
    private static final Map<String, String> STATES = words("""
            AL ALABAMA|AK ALASKA|AZ ARIZONA|AR ARKANSAS|CA CALIFORNIA|CO COLORADO|CT CONNECTICUT|DE DELAWARE|DC|FL FLORIDA|GA GEORGIA
            HI HAWAII|ID IDAHO|IL ILLINOIS|IN INDIANA|IA IOWA|KS KANSAS|KY KENTUCKY|LA LOUISIANA|ME MAINE|MD MARYLAND|MA MASSACHUSETTS
            MI MICHIGAN|MN MINNESOTA|MS MISSISSIPPI|MO MISSOURI|MT MONTANA|NE NEBRASKA|NV NEVADA|NH|NJ|NM|NY|NC|ND|OH OHIO|OK OKLAHOMA
            OR OREGON|PA PENNSYLVANIA|RI|SC|SD|TN TENNESSEE|TX TEXAS|UT UTAH|VT VERMONT|VA VIRGINIA|WA WASHINGTON|WV|WI WISCONSIN|WY WYOMING
            PR GU VI
            """);
    private static final Map<String, String> ORDINALS = words("""
            1ST FIRST|2ND SECOND|3RD THIRD|4TH FOURTH|5TH FIFTH|6TH SIXTH|7TH SEVENTH|8TH EIGHTH|9TH NINTH|10TH TENTH|11TH ELEVENTH
            12TH TWELFTH|SAINT|MT MOUNT|FT FORT
            """);
    private static final Set<String> NOT_STATES_ALONE = Set.of("OR", "IN");

    private UspsWords() {}

    /** The abbreviation of a suffix, as in AVE; null when the word is none. */
    static @Nullable String suffix(String word) {
        return SUFFIXES.get(word);
    }

    static @Nullable String direction(String word) {
        return DIRECTIONS.get(word);
    }

    static @Nullable String unit(String word) {
        return UNITS.get(word);
    }

    /** Two letters; null when the word is no state. */
    static @Nullable String state(String word) {
        return NOT_STATES_ALONE.contains(word) && word.length() > 2 ? null : STATES.get(word);
    }

    /** A word of a street's name in one spelling: FIFTH is 5TH. */
    static String name(String word) {
        return ORDINALS.getOrDefault(word, word);
    }

    /** Groups by | or line, the first word of each what the others mean. */
    private static Map<String, String> words(String text) {
        Map<String, String> words = new HashMap<>();
        for (String group : text.split("[|\\n]")) {
            String[] names = group.strip().split(" +");
            for (String name : names) {
                if (!name.isEmpty()) {
                    words.putIfAbsent(name, names[0]);
                }
            }
        }
        return words;
    }
}

package dev.gatehouse.directory.change;

/** What people call things. */
public final class Names {
    private Names() {}

    /** The name without space around it. @throws dev.gatehouse.kernel.problem.ProblemException when it is no name */
    public static String require(String field, String given, int longest) {
        String name = given.strip();
        boolean odd = name.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (name.isEmpty() || name.length() > longest || odd) {
            throw Refusals.refused(
                    field, "must have 1 to " + longest + " characters, none of them a control character");
        }
        return name;
    }
}
